package dev.feedbackwebhooks.cli.terminal;

import java.util.Locale;

/** A bar that grows while somebody looks at it; nothing where nobody does. */
public final class Progress {
  private static final int WIDTH = 30;
  private static final long BETWEEN_NANOS = 100_000_000;

  private final Terminal terminal;
  private final long size;
  private long drawnAt;
  private boolean drawn;

  /**
   * @param size bytes that there are to read; 0 if nobody knows
   */
  public Progress(Terminal terminal, long size) {
    this.terminal = terminal;
    this.size = size;
  }

  /** At most ten times a second. */
  public void show(long bytes, long answered) {
    long now = System.nanoTime();
    if (terminal.interactive() && (!drawn || now - drawnAt > BETWEEN_NANOS)) {
      drawnAt = now;
      draw(bytes, answered);
    }
  }

  private void draw(long bytes, long answered) {
    drawn = true;
    String bar = "";
    if (size > 0) {
      int filled = (int) Math.min(WIDTH, WIDTH * bytes / size);
      bar =
          "[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + 100 * bytes / size + "%  ";
    }
    terminal
        .err()
        .control("\r" + bar + String.format(Locale.ROOT, "%,d", answered) + " acknowledged ");
  }

  /** Clears the line for what comes next. */
  public void end(long answered) {
    if (drawn) {
      draw(size, answered);
      terminal.err().println();
    }
  }
}
