package broken.nojavautillogging.domain;

import java.util.logging.Logger;

/** Breaks the rule that it is named after. */
record Bad(Logger log) {}
