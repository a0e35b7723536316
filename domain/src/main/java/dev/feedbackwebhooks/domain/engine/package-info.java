/**
 * The delivery engine: claims what is due, sends it in one lane per configuration, and settles the
 * result.
 */
@NullMarked
package dev.feedbackwebhooks.domain.engine;

import org.jspecify.annotations.NullMarked;
