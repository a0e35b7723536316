package broken.adaptersdonotknoweachother.grpc;

import broken.adaptersdonotknoweachother.sender.Other;

/** Breaks the rule that it is named after. */
record Bad(Other other) {}
