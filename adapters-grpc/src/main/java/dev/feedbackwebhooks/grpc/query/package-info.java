/** Names, filters and page tokens as requests carry them. */
@NullMarked
package dev.feedbackwebhooks.grpc.query;

import org.jspecify.annotations.NullMarked;
