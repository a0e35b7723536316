/**
 * Nodes: the processes that share one store, the jobs that one of them does at a time, and the
 * changes that another made.
 */
@NullMarked
package dev.feedbackwebhooks.domain.node;

import org.jspecify.annotations.NullMarked;
