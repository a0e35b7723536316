package dev.feedbackwebhooks.app.maintenance;

import dev.feedbackwebhooks.cli.terminal.Terminal;
import dev.feedbackwebhooks.persistence.migration.MigrationModule;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells how far a migration is, and how long it will take: on one line of a terminal, which it
 * writes again and again, or else on a new line now and then.
 */
final class MigrationProgress implements MigrationModule.Progress {
  private static final Duration ON_TERMINAL = Duration.ofMillis(100);
  private static final Duration ELSEWHERE = Duration.ofSeconds(10);

  /** Over the start of a line, and what was there. */
  private static final String AGAIN = "\r\033[K";

  private final Terminal terminal;
  private final LongSupplier nanos;
  private String step = "";
  private long stepFrom;
  private long stepStart;
  private long shown;

  /**
   * @param nanos a clock that only goes forward
   */
  MigrationProgress(Terminal terminal, LongSupplier nanos) {
    this.terminal = terminal;
    this.nanos = nanos;
    this.shown = nanos.getAsLong();
  }

  @Override
  public void copied(String table, long rows, long all) {
    show("copying " + table, rows, all);
  }

  @Override
  public void compared(String table, long rows, long all) {
    show("comparing " + table, rows, all);
  }

  private void show(String what, long rows, long all) {
    long now = nanos.getAsLong();
    if (!what.equals(step)) {
      step = what;
      stepFrom = rows;
      stepStart = now;
    }
    Duration pause = terminal.interactive() ? ON_TERMINAL : ELSEWHERE;
    if (now - shown < pause.toNanos()) {
      return;
    }
    shown = now;
    String line = line(rows, all, now - stepStart);
    if (terminal.interactive()) {
      terminal.err().control(AGAIN + line);
    } else {
      terminal.err().println(line);
    }
  }

  private String line(long rows, long all, long tookNanos) {
    String far = "%s: %,d of %,d rows";
    long since = rows - stepFrom;
    if (since <= 0 || tookNanos <= 0) {
      return String.format(Locale.ROOT, far, step, rows, all);
    }
    double rate = since * 1e9 / tookNanos;
    Duration left = Duration.ofSeconds(Math.round((all - rows) / rate));
    return String.format(
        Locale.ROOT,
        far + ", %,d/s, %d:%02d:%02d left",
        step,
        rows,
        all,
        Math.round(rate),
        left.toHours(),
        left.toMinutesPart(),
        left.toSecondsPart());
  }

  /** Leaves the terminal's line to what is said next. */
  void end() {
    if (terminal.interactive()) {
      terminal.err().control(AGAIN);
    }
  }
}
