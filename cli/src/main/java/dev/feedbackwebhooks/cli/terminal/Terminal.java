package dev.feedbackwebhooks.cli.terminal;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * The streams that a command reads and writes.
 *
 * @param interactive whether somebody looks at it, and wants to see progress
 */
public record Terminal(
    InputStream in, TerminalOutput out, TerminalOutput err, boolean interactive) {
  /** The same by streams. */
  public Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {
    this(in, new TerminalOutput(out, true), new TerminalOutput(err, false), interactive);
  }
}
