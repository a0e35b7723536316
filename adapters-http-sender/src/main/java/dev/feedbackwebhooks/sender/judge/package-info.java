/** The meaning of answers and failures for a delivery (RFC 9110). */
@NullMarked
package dev.feedbackwebhooks.sender.judge;

import org.jspecify.annotations.NullMarked;
