package dev.feedbackwebhooks.sender.http;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;

/**
 * Ends the exchanges of one event loop whose time is over. All of them have the same time, so the
 * oldest is always the next, and one timer at a time is enough: a timer per exchange would cost
 * more than the rest of its bookkeeping.
 */
final class Deadlines {
  /** A timer is never nearer than this: many deadlines then share it. */
  private static final long LEAST_WAIT = TimeUnit.MILLISECONDS.toNanos(5);

  private final EventLoop executor;
  private final long timeout;
  private final LinkedHashSet<Exchange> byAge = new LinkedHashSet<>();
  private boolean timed;

  Deadlines(EventLoop executor, Duration timeout) {
    this.executor = executor;
    this.timeout = timeout.toNanos();
  }

  void add(Exchange exchange) {
    byAge.add(exchange);
    if (!timed) {
      time(timeout);
    }
  }

  void remove(Exchange exchange) {
    byAge.remove(exchange);
  }

  private void time(long wait) {
    timed = true;
    var _ = executor.schedule(this::endOverdue, Math.max(wait, LEAST_WAIT), TimeUnit.NANOSECONDS);
  }

  private void endOverdue() {
    timed = false;
    long now = System.nanoTime();
    while (!byAge.isEmpty() && left(byAge.getFirst(), now) <= 0) {
      byAge.removeFirst().timeOut();
    }
    if (!byAge.isEmpty()) {
      time(left(byAge.getFirst(), now));
    }
  }

  private long left(Exchange exchange, long now) {
    return exchange.begunAt() + timeout - now;
  }

  /** Fails all that are under way: nothing will carry them on. */
  void endAll(Throwable cause) {
    while (!byAge.isEmpty()) {
      byAge.removeFirst().fail(cause);
    }
  }
}
