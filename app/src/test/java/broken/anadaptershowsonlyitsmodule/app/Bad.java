package broken.anadaptershowsonlyitsmodule.app;

import broken.anadaptershowsonlyitsmodule.sender.Hidden;

/** Breaks the rule that it is named after. */
public record Bad(Hidden hidden) {}
