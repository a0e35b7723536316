/** The opt-in of a campaign. */
@NullMarked
package dev.feedbackwebhooks.domain.campaign;

import org.jspecify.annotations.NullMarked;
