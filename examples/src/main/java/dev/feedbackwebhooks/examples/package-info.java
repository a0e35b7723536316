/** A client and a receiver to try the service with, and to copy from. */
@NullMarked
package dev.feedbackwebhooks.examples;

import org.jspecify.annotations.NullMarked;
