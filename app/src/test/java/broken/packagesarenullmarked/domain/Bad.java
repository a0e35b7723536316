package broken.packagesarenullmarked.domain;

/** Breaks the rule that it is named after. */
record Bad() {}
