package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Attempt;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliverySubject;
import dev.feedbackwebhooks.persistence.stored.StoredChannel;
import dev.feedbackwebhooks.persistence.stored.StoredState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** A delivery as it is read, with what its configuration {@code c} makes of it. */
final class DeliveryRow {
  /** standing: 0 as the row says, 1 held, 2 cancelled; the last two by its configuration. */
  static final String SELECT =
      """
      SELECT d.id, d.state, d.due_at, d.attempts, d.create_time, d.update_time, d.event_time,
        d.channel, d.event_id, d.request_id, d.campaign_id, d.feedback_status, d.reason,
        d.accepted_start, d.accepted_millis, d.accepted_status, d.accepted_wire,
        %s AS execution_id,
        CASE WHEN d.state <> 0 OR (c.config_id IS d.config_id AND c.active) THEN 0
             WHEN c.config_id IS d.config_id THEN 1
             ELSE 2 END AS standing
      """
          .formatted(DeliveryCriteria.EXECUTION);

  private DeliveryRow() {}

  static Delivery read(Scope scope, ResultSet row, List<Attempt> attempts) throws SQLException {
    DeliveryState state =
        switch (row.getInt("standing")) {
          case 1 -> DeliveryState.HELD;
          case 2 -> DeliveryState.CANCELLED;
          default -> StoredState.of(row.getInt("state")).state();
        };
    return new Delivery(
        new DeliveryId(row.getLong("id")),
        scope,
        subject(row),
        state,
        reason(row),
        row.getInt("attempts"),
        state == DeliveryState.WAITING ? Instant.ofEpochMilli(row.getLong("due_at")) : null,
        Instant.ofEpochMilli(row.getLong("create_time")),
        Instant.ofEpochMilli(row.getLong("update_time")),
        attempts);
  }

  /** An older row whose body is gone tells no execution. */
  private static DeliverySubject subject(ResultSet row) throws SQLException {
    String execution = row.getString("execution_id");
    return new DeliverySubject(
        row.getString("event_id"),
        Instant.ofEpochMilli(row.getLong("event_time")),
        row.getString("request_id"),
        execution == null ? "" : execution,
        StoredChannel.of(row.getInt("channel")),
        row.getString("campaign_id"),
        row.getString("feedback_status"));
  }

  private static String reason(ResultSet row) throws SQLException {
    return switch (row.getInt("standing")) {
      case 1 -> Delivery.HELD_REASON;
      case 2 -> Delivery.CANCELLED_REASON;
      default -> row.getString("reason");
    };
  }
}
