/** Nodes: the processes that share one store. */
@NullMarked
package dev.feedbackwebhooks.domain.node;

import org.jspecify.annotations.NullMarked;
