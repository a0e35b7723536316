package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptDetail.Timing.ABSENT;

import java.util.concurrent.TimeUnit;

/**
 * The times of making a connection, in microseconds.
 *
 * @param readyAt when TLS was done, on the monotonic clock in nanoseconds
 */
record ConnectionTimes(long connect, long tls, long readyAt) {
  /** The times of a connection that was not made. */
  static final ConnectionTimes NONE = new ConnectionTimes(ABSENT, ABSENT, 0);

  /** The times of a connection that has no TLS yet. */
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
