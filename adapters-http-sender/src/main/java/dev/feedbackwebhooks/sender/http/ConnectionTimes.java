package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptDetail.Timing.ABSENT;

import java.util.concurrent.TimeUnit;

/**
 * How long it took to make a connection, in microseconds.
 *
 * @param readyAt when TLS was done, on the monotonic clock in nanoseconds
 */
record ConnectionTimes(long connect, long tls, long readyAt) {
  /** Of one that was not made. */
  static final ConnectionTimes NONE = new ConnectionTimes(ABSENT, ABSENT, 0);

  /** Of one that was begun and connected then, and is not secured. */
  static ConnectionTimes insecure(long begunAt, long connectedAt) {
    return new ConnectionTimes(micros(begunAt, connectedAt), ABSENT, 0);
  }

  static ConnectionTimes ready(long begunAt, long connectedAt, long readyAt) {
    return new ConnectionTimes(micros(begunAt, connectedAt), micros(connectedAt, readyAt), readyAt);
  }

  static long micros(long fromNanos, long toNanos) {
    return TimeUnit.NANOSECONDS.toMicros(toNanos - fromNanos);
  }
}
