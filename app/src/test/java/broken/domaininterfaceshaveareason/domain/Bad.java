package broken.domaininterfaceshaveareason.domain;

/** Breaks the rule that it is named after. */
interface Bad {}
