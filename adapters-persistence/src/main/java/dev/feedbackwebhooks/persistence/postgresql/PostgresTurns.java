package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets those of a message wait for its first. Used by the writer only.
 *
 * <p>One that is stored while another node has settled its first, and not committed that yet, sees
 * a first that is not over, and is not seen by who settles it. So it is looked at once more, by the
 * node that stored it, at the second {@link #askAgain} after that, seconds later.
 */
final class PostgresTurns {
  static final String OVER =
      """
      SELECT message FROM unnest(?::bigint[]) AS asked (message)
      WHERE EXISTS (SELECT FROM delivery d
          WHERE d.message = ANY (ARRAY[asked.message]) AND d.feedback_status = 'sent')
        AND NOT EXISTS (SELECT FROM delivery d
          WHERE d.message = ANY (ARRAY[asked.message]) AND d.feedback_status = 'sent' AND d.state < 2)
      """;

  /**
   * Those that were tried before wait for their schedule. It is written so that no index is gone
   * through for it, whatever statistics say: not that of all that waits either.
   */
  static final String FREE =
      """
      WITH following AS MATERIALIZED (
        SELECT d.id, d.scope_id, ended.at
        FROM unnest(?::bigint[], ?::bigint[]) AS ended (message, at)
        CROSS JOIN LATERAL (
          SELECT id, scope_id FROM delivery
          WHERE message = ended.message AND feedback_status IN ('delivered', 'bounce', 'error')
            AND attempts = 0
          OFFSET 0) AS d
        WHERE NOT EXISTS (SELECT FROM delivery f
          WHERE f.message = ANY (ARRAY[ended.message]) AND f.feedback_status = 'sent'
            AND f.state < 2))
      UPDATE delivery_open o SET due_at = following.at FROM following
      WHERE o.scope_id = ANY (ARRAY[following.scope_id])
        AND o.delivery_id = ANY (ARRAY[following.id]) AND o.state + 0 = 0
        AND o.due_at > following.at
      """;

  /** A message whose first came to its end. */
  record Ended(MessageKey message, Instant at) {}

  private final Statements statements;
  private final DatabaseClock clock;

  /** What this transaction, and those since the last time, let wait. */
  private final Set<MessageKey> written = new HashSet<>();

  private final Set<MessageKey> recent = new HashSet<>();

  /** The next ones to be asked for again, and whether this transaction did. */
  private final Set<MessageKey> earlier = new HashSet<>();

  private boolean asked;

  PostgresTurns(Statements statements, DatabaseClock clock) {
    this.statements = statements;
    this.clock = clock;
  }

  /** Of which of these the first is over; one that is not written yet is not. */
  Set<MessageKey> over(Connection connection, Collection<MessageKey> messages) throws SQLException {
    Set<MessageKey> over = new HashSet<>();
    if (messages.isEmpty()) {
      return over;
    }
    var select =
        Columns.of(statements.of(connection, OVER), List.copyOf(messages))
            .longs(MessageKey::value)
            .statement();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        over.add(new MessageKey(row.getLong(1)));
      }
    }
    return over;
  }

  /** One that waits for the first of this message was written. */
  void waits(MessageKey message) {
    written.add(message);
  }

  /** Frees what was let wait although its first was about to be over. */
  void askAgain(Connection connection, Instant now) throws SQLException {
    free(connection, over(connection, earlier).stream().map(key -> new Ended(key, now)).toList());
    asked = true;
  }

  void committed() {
    if (asked) {
      earlier.clear();
      earlier.addAll(recent);
      recent.clear();
    }
    recent.addAll(written);
    written.clear();
    asked = false;
  }

  void rolledBack() {
    written.clear();
    asked = false;
  }

  /** Where no other first is left, those that wait for it are due. */
  void free(Connection connection, List<Ended> ended) throws SQLException {
    if (!ended.isEmpty()) {
      Columns.of(statements.of(connection, FREE), ended)
          .longs(each -> each.message().value())
          .longs(each -> clock.at(each.at()))
          .statement()
          .executeUpdate();
    }
  }
}
