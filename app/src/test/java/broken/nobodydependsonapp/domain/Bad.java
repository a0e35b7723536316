package broken.nobodydependsonapp.domain;

import broken.nobodydependsonapp.app.Root;

/** Breaks the rule that it is named after. */
record Bad(Root root) {}
