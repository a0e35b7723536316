package broken.nocycles.domain.one;

import broken.nocycles.domain.two.Two;

/** Breaks the rule that it is named after. */
public record One(Two two) {}
