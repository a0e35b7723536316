/** Composition root: settings, wiring, life cycle and the operators' endpoint. */
@NullMarked
package dev.feedbackwebhooks.app;

import org.jspecify.annotations.NullMarked;
