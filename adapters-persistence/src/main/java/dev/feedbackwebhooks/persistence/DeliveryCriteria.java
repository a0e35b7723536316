package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.persistence.stored.Millis;
import dev.feedbackwebhooks.persistence.stored.StoredChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A filter as a part of a query. */
final class DeliveryCriteria {
  /** Of a delivery d; null where a row of an earlier version has lost its body. */
  static final String EXECUTION =
      """
      COALESCE(d.execution_id, (
        SELECT json_extract(CAST(body AS TEXT), '$.messageExecution.messageExecutionID')
        FROM payload WHERE delivery_id = d.id))
      """;

  /** Of a payload p, as a JSON array. */
  static final String RECIPIENTS =
      """
      COALESCE(p.recipients, (
        SELECT json_group_array(atom)
        FROM json_tree(CAST(p.body AS TEXT), '$.identityMap') WHERE key = 'id' AND atom IS NOT NULL))
      """;

  private static final String RECIPIENT =
      """
      EXISTS (SELECT 1 FROM payload p, json_each(%s)
        WHERE p.delivery_id = d.id AND value = :recipient)
      """
          .formatted(RECIPIENTS);

  private static final Pattern NAME = Pattern.compile(":([a-zA-Z]+)");

  private final DeliveryFilter filter;
  private final StringBuilder sql = new StringBuilder();
  private final Map<String, Object> parameters = new HashMap<>();

  DeliveryCriteria(DeliveryFilter filter) {
    this.filter = filter;
    if (filter.state() != null) {
      sql.append(" AND ").append(state(filter.state()));
    }
    add(
        "d.channel = :channel",
        filter.channel() == null ? null : StoredChannel.code(filter.channel()));
    add("d.campaign_id = :campaign", filter.campaignId());
    add("d.request_id = :request", filter.requestId());
    add(EXECUTION + " = :execution", filter.executionId());
    add(
        "d.create_time >= :createdFrom",
        filter.createdFrom() == null ? null : Millis.of(filter.createdFrom()));
    add(
        "d.create_time < :createdBefore",
        filter.createdBefore() == null ? null : Millis.of(filter.createdBefore()));
    // Last: it reads another row for each that the others leave.
    add(RECIPIENT, filter.recipient());
  }

  /** Which index of a scope's deliveries goes over the fewest. */
  String index() {
    return switch (filter.state()) {
      case null -> "delivery_scope";
      case DELIVERED -> "delivery_scope";
      case CLAIMED -> "delivery_claimed";
      case WAITING, HELD, CANCELLED, EXHAUSTED, REFUSED -> "delivery_open";
    };
  }

  /** What that index asks for, with AND in front. */
  String indexed() {
    return switch (filter.state()) {
      case null -> "";
      case DELIVERED -> "";
      case CLAIMED -> " AND d.state = 1";
      case WAITING, HELD, CANCELLED, EXHAUSTED, REFUSED -> " AND (d.state = 0 OR d.state > 2)";
    };
  }

  /** Conditions, each with AND in front. */
  String sql() {
    return sql.toString();
  }

  Map<String, Object> parameters() {
    return parameters;
  }

  private void add(String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(" AND ").append(condition);
      parameters.put(NAME.matcher(condition).results().findFirst().orElseThrow().group(1), value);
    }
  }

  private static String state(DeliveryState state) {
    return switch (state) {
      case WAITING -> "d.state = 0 AND c.config_id IS d.config_id AND c.active";
      case HELD -> "d.state = 0 AND c.config_id IS d.config_id AND NOT c.active";
      case CANCELLED -> "(d.state = 5 OR (d.state = 0 AND c.config_id IS NOT d.config_id))";
      case CLAIMED -> "d.state = 1";
      case DELIVERED -> "d.state = 2";
      case EXHAUSTED -> "d.state = 3";
      case REFUSED -> "d.state = 4";
    };
  }
}
