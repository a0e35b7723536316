/** The service as its callers see it: gRPC in, the domain's words within. */
@NullMarked
package dev.feedbackwebhooks.grpc;

import org.jspecify.annotations.NullMarked;
