package broken.nocycles.domain.two;

import broken.nocycles.domain.one.One;

/** Breaks the rule that it is named after. */
public record Two(One one) {}
