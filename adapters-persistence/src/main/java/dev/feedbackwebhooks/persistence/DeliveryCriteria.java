package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter as a part of a query. */
final class DeliveryCriteria {
  private final StringBuilder sql = new StringBuilder();
  private final Map<String, Object> parameters = new HashMap<>();

  DeliveryCriteria(DeliveryFilter filter) {
    if (filter.state() != null) {
      sql.append(" AND ").append(state(filter.state()));
    }
    add(
        "d.channel = :channel",
        filter.channel() == null ? null : StoredChannel.code(filter.channel()));
    add("d.campaign_id = :campaign", filter.campaignId());
    add("d.request_id = :request", filter.requestId());
    add(
        "d.create_time >= :createdFrom",
        filter.createdFrom() == null ? null : Millis.of(filter.createdFrom()));
    add(
        "d.create_time < :createdBefore",
        filter.createdBefore() == null ? null : Millis.of(filter.createdBefore()));
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
      parameters.put(condition.substring(condition.indexOf(':') + 1), value);
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
