/** What the stores on every database have in common: codecs, keys, group commit, and plain SQL. */
@NullMarked
package dev.feedbackwebhooks.persistence.stored;

import org.jspecify.annotations.NullMarked;
