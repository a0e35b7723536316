/** The store: SQLite in the process, one writer, one commit for all who wait. */
@NullMarked
package dev.feedbackwebhooks.persistence;

import org.jspecify.annotations.NullMarked;
