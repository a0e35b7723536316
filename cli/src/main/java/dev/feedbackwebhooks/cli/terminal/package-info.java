/** Output of the command line: tables, progress and times, with control characters escaped. */
@NullMarked
package dev.feedbackwebhooks.cli.terminal;

import org.jspecify.annotations.NullMarked;
