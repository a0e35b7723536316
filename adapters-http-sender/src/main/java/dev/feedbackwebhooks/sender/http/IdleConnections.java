package dev.feedbackwebhooks.sender.http;

import java.util.LinkedHashSet;

/** The open connections of one event loop that carry nothing, the longest idle first. */
final class IdleConnections {
  private final LinkedHashSet<Connection> byAge = new LinkedHashSet<>();

  /** Answers whether it was not there before. */
  boolean add(Connection connection) {
    return byAge.add(connection);
  }

  void remove(Connection connection) {
    byAge.remove(connection);
  }

  /** Closes those that have been idle since before {@code nanos} on the monotonic clock. */
  void closeOlderThan(long nanos) {
    while (!byAge.isEmpty() && byAge.getFirst().idleSince() - nanos < 0) {
      closeOldest();
    }
  }

  void closeOldest() {
    if (!byAge.isEmpty()) {
      byAge.removeFirst().close();
    }
  }
}
