package dev.feedbackwebhooks.domain.event;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** Bounds tests of endpoints, so that they are no means to flood somebody. */
final class TestQuota {
  static final int MOST = 10;
  static final Duration WINDOW = Duration.ofMinutes(1);

  private final Map<Scope, ArrayDeque<Instant>> taken = new HashMap<>();

  /**
   * @throws Fault.Unavailable if the scope had its share within the window
   */
  synchronized void take(Scope scope, Instant now) {
    Instant since = now.minus(WINDOW);
    taken.values().forEach(times -> times.removeIf(time -> !time.isAfter(since)));
    taken.values().removeIf(ArrayDeque::isEmpty);
    ArrayDeque<Instant> times = taken.computeIfAbsent(scope, _ -> new ArrayDeque<>());
    if (times.size() >= MOST) {
      throw new Fault.Unavailable(
          Reason.OVERLOADED,
          "a configuration may be tested " + MOST + " times a minute: wait a little",
          Duration.between(since, times.getFirst()));
    }
    times.add(now);
  }
}
