/** Who calls, and what the caller may do. */
@NullMarked
package dev.feedbackwebhooks.domain.access;

import org.jspecify.annotations.NullMarked;
