/** Logging. */
@NullMarked
package dev.feedbackwebhooks.app.logs;

import org.jspecify.annotations.NullMarked;
