package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Lets those of a message wait for its first. Used by the writer only. */
final class MessageTurns {
  private static final String FIRST_IS_OVER =
      """
      SELECT state > 1 FROM delivery INDEXED BY delivery_message
      WHERE message = ? AND feedback_status = 'sent' ORDER BY state LIMIT 1
      """;

  /** Those that were tried before wait for their schedule. */
  private static final String FREE =
      """
      UPDATE delivery INDEXED BY delivery_message SET due_at = ?1
      WHERE message = ?2 AND feedback_status IN ('delivered', 'bounce', 'error') AND state = 0
        AND attempts = 0 AND due_at > ?1
      """;

  private final Statements statements;

  MessageTurns(Statements statements) {
    this.statements = statements;
  }

  /** When a new delivery may go out. A first that is not written yet is not over. */
  Instant due(Connection connection, Entry entry) throws SQLException {
    return entry.delivery().turn() instanceof MessageOrder.After(MessageKey message, var most)
            && !isFirstOver(connection, message)
        ? entry.now().plus(most)
        : entry.now();
  }

  private boolean isFirstOver(Connection connection, MessageKey message) throws SQLException {
    try (ResultSet row = statements.of(connection, FIRST_IS_OVER, message.value()).executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** A first of a message is over: if no other is left, those that wait for it are due. */
  void free(Connection connection, MessageKey message, Instant now) throws SQLException {
    if (!isFirstOver(connection, message)) {
      return;
    }
    var _ = statements.of(connection, FREE, now.toEpochMilli(), message.value()).executeUpdate();
  }
}
