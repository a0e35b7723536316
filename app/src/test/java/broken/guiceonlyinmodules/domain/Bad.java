package broken.guiceonlyinmodules.domain;

import com.google.inject.Injector;

/** Breaks the rule that it is named after. */
record Bad(Injector injector) {}
