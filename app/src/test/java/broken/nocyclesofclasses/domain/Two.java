package broken.nocyclesofclasses.domain;

/** Breaks the rule that it is named after. */
public record Two(One one) {}
