/**
 * The operators' port: health, readiness, metrics and public keys over HTTP, with limits on what a
 * connection may take.
 */
@NullMarked
package dev.feedbackwebhooks.app.ops;

import org.jspecify.annotations.NullMarked;
