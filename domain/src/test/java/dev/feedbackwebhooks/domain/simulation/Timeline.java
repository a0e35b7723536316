package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Virtual time: runs what is planned when its moment comes, and of one moment in random order. */
final class Timeline implements InstantSource {
  private record Planned(long at, int order, Runnable task) {}

  private final SplittableRandom random;
  private final PriorityQueue<Planned> planned =
      new PriorityQueue<>(Comparator.comparingLong(Planned::at).thenComparingInt(Planned::order));
  private long millis;
  private Instant now = Samples.NOW;

  Timeline(long seed) {
    this.random = new SplittableRandom(seed);
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Since the beginning. */
  @Override
  public long millis() {
    return Samples.NOW.toEpochMilli() + millis;
  }

  long elapsed() {
    return millis;
  }

  void after(long delay, Runnable task) {
    planned.add(new Planned(millis + delay, random.nextInt(), task));
  }

  void at(long moment, Runnable task) {
    after(Math.max(0, moment - millis), task);
  }

  void runFor(Duration time) {
    long end = millis + time.toMillis();
    for (Planned next = planned.peek(); next != null && next.at <= end; next = planned.peek()) {
      planned.remove();
      moveTo(next.at);
      next.task.run();
    }
    moveTo(end);
  }

  private void moveTo(long moment) {
    if (moment != millis) {
      millis = moment;
      now = Samples.NOW.plusMillis(moment);
    }
  }

  /** A number of [0, bound). */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number of [least, most]. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }
}
