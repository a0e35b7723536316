package broken.generatedtypesstopattheedge.proto;

/** Breaks the rule that it is named after. */
public record Generated() {}
