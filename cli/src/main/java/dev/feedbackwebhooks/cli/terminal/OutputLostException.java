package dev.feedbackwebhooks.cli.terminal;

/** An output cannot be written: its disk is full, or nobody reads it any more. */
final class OutputLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputLostException() {
    super(TerminalOutput.LOST);
  }
}
