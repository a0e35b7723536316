/** The JSON payload, versions 1 and 2. */
@NullMarked
package dev.feedbackwebhooks.sender.payload;

import org.jspecify.annotations.NullMarked;
