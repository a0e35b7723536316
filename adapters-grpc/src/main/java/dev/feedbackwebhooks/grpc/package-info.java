/**
 * gRPC adapter: serves the API of feedback.v1. Shows its module, and settings in access and server.
 */
@NullMarked
package dev.feedbackwebhooks.grpc;

import org.jspecify.annotations.NullMarked;
