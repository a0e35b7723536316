package broken.httpclienthasonehome.grpc;

import io.vertx.core.Vertx;

/** Breaks the rule that it is named after. */
record Bad(Vertx vertx) {}
