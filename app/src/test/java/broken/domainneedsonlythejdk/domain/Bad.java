package broken.domainneedsonlythejdk.domain;

import java.nio.file.Path;

/** Breaks the rule that it is named after. */
record Bad(Path file) {}
