/**
 * The way of a whole store from a SQLite file to a PostgreSQL, in steps that can be gone on with.
 */
@NullMarked
package dev.feedbackwebhooks.persistence.migration;

import org.jspecify.annotations.NullMarked;
