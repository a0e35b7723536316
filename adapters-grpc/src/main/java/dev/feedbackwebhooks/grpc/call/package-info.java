/**
 * Open calls and their connections: limits, memory of what is being received, traces, and how calls
 * end when the server stops.
 */
@NullMarked
package dev.feedbackwebhooks.grpc.call;

import org.jspecify.annotations.NullMarked;
