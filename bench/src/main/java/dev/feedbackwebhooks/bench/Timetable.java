package dev.feedbackwebhooks.bench;

import java.time.Duration;

/**
 * When each event of a steady stream is due. Times count from then, not from when it was sent: a
 * sender that was held up must not hide it.
 *
 * @param start of event 0, as {@link System#nanoTime}
 * @param leadIn events at the beginning that are not timed
 * @param events all of them
 */
record Timetable(long start, long perSecond, long leadIn, long events) {
  private static final double SECOND = 1e9;

  /** A moment from now, so that its sender is there in time. */
  private static final Duration AHEAD = Duration.ofMillis(50);

  static Timetable of(long perSecond, Duration leadIn, Duration timed) {
    return new Timetable(
        System.nanoTime() + AHEAD.toNanos(),
        perSecond,
        perSecond * leadIn.toSeconds(),
        perSecond * leadIn.plus(timed).toSeconds());
  }

  long due(long number) {
    return start + (long) (number * SECOND / perSecond);
  }

  /** How many are due at {@code now}. */
  long dueBy(long now) {
    return Math.clamp((long) ((now - start) * perSecond / SECOND), 0, events);
  }

  /** Events that are timed. */
  long timed() {
    return events - leadIn;
  }

  /** Something happened to an event, just now. */
  void note(long number, Times times) {
    if (number >= leadIn && number < events) {
      times.record(System.nanoTime() - due(number));
    }
  }
}
