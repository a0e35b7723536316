/**
 * Secrets that an endpoint echoes, in any common encoding, and how they are masked before anything
 * is kept.
 */
@NullMarked
package dev.feedbackwebhooks.sender.masking;

import org.jspecify.annotations.NullMarked;
