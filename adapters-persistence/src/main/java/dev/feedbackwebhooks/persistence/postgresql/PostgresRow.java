package dev.feedbackwebhooks.persistence.postgresql;

/** How a delivery d is read, with what its configuration c makes of it. */
final class PostgresRow {
  /** See {@link dev.feedbackwebhooks.persistence.stored.DeliveryRow}. */
  static final String SELECT =
      """
      SELECT d.id, d.state, d.attempts, d.create_time, d.update_time, d.event_time, d.channel,
        d.event_id, d.request_id, d.execution_id, d.campaign_id, d.feedback_status, d.reason,
        d.accepted_start, d.accepted_millis, d.accepted_status, d.accepted_wire,
        (SELECT due_at FROM delivery_open o
          WHERE o.scope_id = d.scope_id AND o.delivery_id = d.id) AS due_at,
        CASE WHEN d.state <> 0 OR (c.config_id = d.config_id AND c.active) THEN 0
             WHEN c.config_id = d.config_id THEN 1
             ELSE 2 END AS standing
      """;

  private PostgresRow() {}
}
