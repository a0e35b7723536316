package broken.namessaywhatathingis.domain;

/** Breaks the rule that it is named after. */
record BadHelper() {}
