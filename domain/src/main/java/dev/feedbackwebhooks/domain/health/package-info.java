/** Health of endpoints: when one counts as failing, and when its configuration is disabled. */
@NullMarked
package dev.feedbackwebhooks.domain.health;

import org.jspecify.annotations.NullMarked;
