package dev.feedbackwebhooks.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes.
 *
 * @param interactive whether somebody looks at it, and wants to see progress
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {}
