package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliverySubject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A delivery as it is read, with what its configuration makes of it. The column {@code standing}
 * tells that: 0 for what the row says, 1 for held, 2 for cancelled.
 */
public final class DeliveryRow {
  private DeliveryRow() {}

  /** With the attempt that was accepted, of which there is no row but the delivery's. */
  public static Delivery readWithAccepted(Scope scope, ResultSet row, List<Attempt> attempts)
      throws SQLException {
    return read(scope, row, withAccepted(attempts, row));
  }

  private static List<Attempt> withAccepted(List<Attempt> attempts, ResultSet row)
      throws SQLException {
    int status = row.getInt("accepted_status");
    if (status == 0) {
      return attempts;
    }
    List<Attempt> all = new ArrayList<>(attempts);
    all.add(
        new Attempt(
            row.getInt("attempts"),
            Instant.ofEpochMilli(row.getLong("accepted_start")),
            Duration.ofMillis(row.getLong("accepted_millis")),
            new AttemptResult.Accepted(status),
            AttemptBlob.read(row.getBytes("accepted_wire")),
            null));
    return all;
  }

  /** With these attempts. */
  public static Delivery read(Scope scope, ResultSet row, List<Attempt> attempts)
      throws SQLException {
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
