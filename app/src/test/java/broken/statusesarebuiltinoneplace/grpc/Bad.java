package broken.statusesarebuiltinoneplace.grpc;

import com.google.rpc.Status;

/** Breaks the rule that it is named after. */
record Bad(Status status) {}
