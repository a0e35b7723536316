/** Retention: deliveries and bodies that are removed after their time. */
@NullMarked
package dev.feedbackwebhooks.domain.retention;

import org.jspecify.annotations.NullMarked;
