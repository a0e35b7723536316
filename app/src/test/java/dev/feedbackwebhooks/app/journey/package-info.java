/** The product through its front door: a real process, port, file and TLS endpoint. */
@NullMarked
package dev.feedbackwebhooks.app.journey;

import org.jspecify.annotations.NullMarked;
