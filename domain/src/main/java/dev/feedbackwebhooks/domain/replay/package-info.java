/** Deliveries that are over, sent again by the thousand. */
@NullMarked
package dev.feedbackwebhooks.domain.replay;

import org.jspecify.annotations.NullMarked;
