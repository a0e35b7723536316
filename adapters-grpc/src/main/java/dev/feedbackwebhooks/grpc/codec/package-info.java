/**
 * Codecs between messages of feedback.v1 and records of the domain, and the only place that builds
 * a gRPC status.
 */
@NullMarked
package dev.feedbackwebhooks.grpc.codec;

import org.jspecify.annotations.NullMarked;
