/** What an answer or a failure means for a delivery (RFC 9110). */
@NullMarked
package dev.feedbackwebhooks.sender.judge;

import org.jspecify.annotations.NullMarked;
