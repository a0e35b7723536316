package broken.generatedtypesstopattheedge.grpc;

import broken.generatedtypesstopattheedge.proto.Generated;

/** Breaks the rule that it is named after. */
record Bad(Generated message) {}
