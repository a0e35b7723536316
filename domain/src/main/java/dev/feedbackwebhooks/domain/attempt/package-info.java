/**
 * One attempt to deliver: its result, its detail, the advice that follows from it, and the schedule
 * of the next one.
 */
@NullMarked
package dev.feedbackwebhooks.domain.attempt;

import org.jspecify.annotations.NullMarked;
