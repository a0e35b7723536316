package broken.grpchasonehome.sender;

import io.grpc.Status;

/** Breaks the rule that it is named after. */
record Bad(Status status) {}
