/** The gRPC listener: Netty, TLS, keepalive, and requests that gRPC itself cannot read. */
@NullMarked
package dev.feedbackwebhooks.grpc.server;

import org.jspecify.annotations.NullMarked;
