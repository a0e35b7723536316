/**
 * Whole lives of the engine on a virtual clock: everything that may happen to it, in an order and
 * at moments that a seed decides.
 */
@NullMarked
package dev.feedbackwebhooks.domain.simulation;

import org.jspecify.annotations.NullMarked;
