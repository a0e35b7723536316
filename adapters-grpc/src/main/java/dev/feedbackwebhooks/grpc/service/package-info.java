/** The services of feedback.v1. */
@NullMarked
package dev.feedbackwebhooks.grpc.service;

import org.jspecify.annotations.NullMarked;
