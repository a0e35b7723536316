/** The program: its command line. */
@NullMarked
package dev.feedbackwebhooks.app;

import org.jspecify.annotations.NullMarked;
