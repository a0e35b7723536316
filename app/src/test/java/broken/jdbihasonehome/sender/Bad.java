package broken.jdbihasonehome.sender;

import org.jdbi.v3.core.Jdbi;

/** Breaks the rule that it is named after. */
record Bad(Jdbi jdbi) {}
