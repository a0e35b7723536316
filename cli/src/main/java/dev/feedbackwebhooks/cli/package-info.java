/** The commands that speak to a server: clients of its API, as anybody else is. */
@NullMarked
package dev.feedbackwebhooks.cli;

import org.jspecify.annotations.NullMarked;
