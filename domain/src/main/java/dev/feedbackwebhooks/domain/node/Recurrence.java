package dev.feedbackwebhooks.domain.node;

import java.time.Duration;
import java.time.Instant;

/**
 * When something is to be done again, by a clock that may jump: set back, it would put it off by as
 * much; so an instant that is further away than it ever should be counts as now.
 */
public final class Recurrence {
  private final Duration every;
  private Instant next;

  /**
   * @param first when it is due for the first time
   */
  public Recurrence(Duration every, Instant first) {
    this.every = every;
    this.next = first;
  }

  /** Whether it is time; if so, the next time is that much later. */
  public boolean isDue(Instant now) {
    if (now.isBefore(next) && !next.isAfter(now.plus(every))) {
      return false;
    }
    putOff(now);
    return true;
  }

  /** Not before the whole interval is over again. */
  public void putOff(Instant now) {
    next = now.plus(every);
  }
}
