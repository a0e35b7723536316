/** Sends POSTs to customers' endpoints, guarded, signed and judged. */
@NullMarked
package dev.feedbackwebhooks.sender;

import org.jspecify.annotations.NullMarked;
