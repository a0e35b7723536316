/** What one process does when others work on the same store. */
@NullMarked
package dev.feedbackwebhooks.domain.follow;

import org.jspecify.annotations.NullMarked;
