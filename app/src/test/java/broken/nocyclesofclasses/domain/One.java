package broken.nocyclesofclasses.domain;

/** Breaks the rule that it is named after. */
public record One(Two two) {}
