/**
 * The feedback-webhook configuration of a customer: its fields, their rules, and the operations on
 * it.
 */
@NullMarked
package dev.feedbackwebhooks.domain.config;

import org.jspecify.annotations.NullMarked;
