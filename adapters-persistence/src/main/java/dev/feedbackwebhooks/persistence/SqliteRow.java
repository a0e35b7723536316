package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.EarlierRows;

/** How a delivery d is read, with what its configuration c makes of it. */
final class SqliteRow {
  /** See {@link dev.feedbackwebhooks.persistence.stored.DeliveryRow}. */
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
          .formatted(EarlierRows.EXECUTION);

  private SqliteRow() {}
}
