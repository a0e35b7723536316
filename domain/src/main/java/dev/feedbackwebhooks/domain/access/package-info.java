/** Callers and their permissions. */
@NullMarked
package dev.feedbackwebhooks.domain.access;

import org.jspecify.annotations.NullMarked;
