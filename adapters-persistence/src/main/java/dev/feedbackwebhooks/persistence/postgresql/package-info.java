/** The store on PostgreSQL: one writer, one commit for all who wait, and a pool that reads. */
@NullMarked
package dev.feedbackwebhooks.persistence.postgresql;

import org.jspecify.annotations.NullMarked;
