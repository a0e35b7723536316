/** Composition root, and the life cycle of a server: start, threads, ticker, stop. */
@NullMarked
package dev.feedbackwebhooks.app.lifecycle;

import org.jspecify.annotations.NullMarked;
