@NullMarked
package dev.feedbackwebhooks.grpc;

import org.jspecify.annotations.NullMarked;
