package dev.feedbackwebhooks.persistence.migration;

import static dev.feedbackwebhooks.persistence.migration.Kind.BYTES;
import static dev.feedbackwebhooks.persistence.migration.Kind.KEY;
import static dev.feedbackwebhooks.persistence.migration.Kind.NUMBER;
import static dev.feedbackwebhooks.persistence.migration.Kind.SCOPE;
import static dev.feedbackwebhooks.persistence.migration.Kind.TEXT;
import static dev.feedbackwebhooks.persistence.migration.Kind.TEXTS;
import static dev.feedbackwebhooks.persistence.migration.Kind.TRUTH;

import dev.feedbackwebhooks.persistence.stored.EarlierRows;
import java.util.List;

/**
 * All that is copied, in this order. What a server makes anew is not: where searches need not look,
 * and the log of changes, for those who watch.
 */
final class Tables {
  /** What every row that counts deliveries is of, in place of a server's number. */
  private static final String NO_NODE = "0";

  /**
   * Whoever held a claim is gone: what it held waits. Room that was kept free for an answer's
   * details holds none.
   */
  private static final String DELIVERIES =
      """
      SELECT id, scope_id, config_id, CASE state WHEN 1 THEN 0 ELSE state END AS state, attempts,
        first_of_round, create_time, update_time, event_time, channel, event_id, request_id,
        COALESCE(%s, '') AS execution_id, campaign_id, feedback_status, reason, message, replay,
        accepted_start, accepted_millis, accepted_status,
        CASE WHEN accepted_status IS NOT NULL THEN accepted_wire END AS accepted_wire
      FROM delivery d
      """
          .formatted(EarlierRows.EXECUTION);

  /** What was claimed was due before that, at the latest when it changed last. */
  private static final String OPEN =
      """
      SELECT id AS delivery_id, scope_id, CASE state WHEN 1 THEN 0 ELSE state END AS state,
        CASE state WHEN 1 THEN update_time ELSE due_at END AS due_at,
        replay IS NOT NULL AS replayed
      FROM delivery WHERE state <> 2
      """;

  private static final String KEYS = "SELECT id AS delivery_id, scope_id, event_id FROM delivery";

  private static final String PAYLOADS =
      "SELECT delivery_id, body, %s AS recipients, traceparent FROM payload p"
          .formatted(EarlierRows.RECIPIENTS);

  /** What secrets are encrypted with comes first: it proves what the rest was copied from. */
  static final List<Table> ALL =
      List.of(
          Table.of("secret_key_check").with(BYTES, "encrypted"),
          Table.of("fingerprint_key").with(BYTES, "encrypted"),
          Table.of("scope", "id").with(TEXT, "organization", "sandbox"),
          Table.of("webhook_config", "scope_id")
              .with(SCOPE, "scope_id")
              .with(NUMBER, "config_id", "version")
              .with(TRUTH, "active")
              .with(TEXT, "body")
              .with(BYTES, "secrets"),
          Table.of("campaign", "scope_id", "id")
              .with(SCOPE, "scope_id")
              .with(TEXT, "id")
              .with(TRUTH, "enabled")
              .with(NUMBER, "update_time"),
          Table.of("endpoint_health", "scope_id")
              .with(SCOPE, "scope_id")
              .with(NUMBER, "endpoint", "since", "window_start", "last", "failures")
              .with(TRUTH, "spread")
              .with(TEXT, "last_failure"),
          Table.of("replay", "id")
              .with(SCOPE, "scope_id")
              .with(NUMBER, "id", "per_second", "matched", "replayed", "cursor")
              .with(NUMBER, "create_time", "update_time", "end_time")
              .with(TEXT, "request_id", "filter_text", "filter", "state", "skips"),
          Table.of("audit_record", "id")
              .with(SCOPE, "scope_id")
              .with(NUMBER, "id", "time")
              .with(TEXT, "action", "resource", "who", "changes"),
          Table.of("delivery_count", "scope_id", "config_id")
              .with(SCOPE, "scope_id")
              .with(NUMBER, "config_id", "accepted", "delivered", "exhausted", "refused")
              .with(NUMBER, "cancelled")
              .constant("node", NO_NODE),
          Table.of("delivery_latency", "scope_id", "bucket")
              .with(SCOPE, "scope_id")
              .with(NUMBER, "bucket", "deliveries")
              .constant("node", NO_NODE),
          Table.of("delivery", "id")
              .from(DELIVERIES)
              .with(SCOPE, "scope_id")
              .with(KEY, "event_key")
              .with(NUMBER, "id", "config_id", "state", "attempts", "first_of_round", "channel")
              .with(NUMBER, "create_time", "update_time", "event_time", "message", "replay")
              .with(TEXT, "event_id", "request_id", "execution_id", "campaign_id")
              .with(TEXT, "feedback_status", "reason")
              .with(NUMBER, "accepted_start", "accepted_millis", "accepted_status")
              .with(BYTES, "accepted_wire")
              .constant("claim_id", "0")
              .constant("lease_until", "0"),
          Table.of("delivery_open", "delivery_id")
              .from(OPEN)
              .with(SCOPE, "scope_id")
              .with(NUMBER, "delivery_id", "state", "due_at")
              .with(TRUTH, "replayed"),
          Table.of("event_key", "delivery_id")
              .from(KEYS)
              .with(KEY, "key")
              .with(NUMBER, "delivery_id"),
          Table.of("payload", "delivery_id")
              .from(PAYLOADS)
              .with(NUMBER, "delivery_id")
              .with(BYTES, "body")
              .with(TEXTS, "recipients")
              .with(TEXT, "traceparent"),
          Table.of("attempt", "delivery_id", "number")
              .with(NUMBER, "delivery_id", "number", "start_time", "duration_millis")
              .with(NUMBER, "http_status", "next_time")
              .with(TEXT, "result", "failure", "detail")
              .with(BYTES, "wire"));

  private Tables() {}
}
