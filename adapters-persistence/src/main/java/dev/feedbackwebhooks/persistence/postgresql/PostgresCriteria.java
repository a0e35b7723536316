package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.persistence.stored.Millis;
import dev.feedbackwebhooks.persistence.stored.StoredChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A filter as a part of a query of deliveries d and their configurations c. */
final class PostgresCriteria {
  private static final String WALK_ALL =
      """
      SELECT d.* FROM delivery d
      WHERE d.scope_id = :scope AND d.id >= :low AND d.id < :high
      """;
  private static final String NEWEST_FIRST = " ORDER BY d.id DESC";

  /** What waits, and what ended otherwise than delivered, is in a table that has few others. */
  private static final String WALK_OPEN =
      """
      SELECT d.* FROM delivery_open w JOIN delivery d ON d.id = w.delivery_id
      WHERE w.scope_id = :scope AND w.delivery_id >= :low AND w.delivery_id < :high
      ORDER BY w.delivery_id DESC
      """;

  /** The index tells of all scopes, in no order: it is asked first, for itself. */
  private static final String WALK_RECIPIENT =
      """
      SELECT d.* FROM (
        SELECT delivery_id FROM payload WHERE recipients @> ARRAY[CAST(:recipient AS text)]
          AND delivery_id >= :low AND delivery_id < :high OFFSET 0) AS named
      JOIN delivery d ON d.id = named.delivery_id WHERE d.scope_id = :scope ORDER BY d.id DESC
      """;

  private static final String RECIPIENT =
      """
      EXISTS (SELECT FROM payload p
        WHERE p.delivery_id = d.id AND p.recipients @> ARRAY[CAST(:recipient AS text)])
      """;

  private static final Pattern NAME = Pattern.compile(":([a-zA-Z]+)");

  private final DeliveryFilter filter;
  private final StringBuilder sql = new StringBuilder();
  private final Map<String, Object> parameters = new HashMap<>();

  PostgresCriteria(DeliveryFilter filter) {
    this.filter = filter;
    if (filter.state() != null) {
      sql.append(" AND ").append(state(filter.state()));
    }
    add(
        "d.channel = :channel",
        filter.channel() == null ? null : StoredChannel.code(filter.channel()));
    add("d.campaign_id = :campaign", text(filter.campaignId()));
    add("d.request_id = :request", text(filter.requestId()));
    add("d.execution_id = :execution", text(filter.executionId()));
    add(
        "d.create_time >= :createdFrom",
        filter.createdFrom() == null ? null : Millis.of(filter.createdFrom()));
    add(
        "d.create_time < :createdBefore",
        filter.createdBefore() == null ? null : Millis.of(filter.createdBefore()));
    // Last: it reads another row for each that the others leave.
    add(RECIPIENT, text(filter.recipient()));
  }

  /**
   * Which deliveries to look at, newest first: those of a scope from {@code :low} until before
   * {@code :high}, by the index that goes over the fewest.
   */
  String walk() {
    if (filter.requestId() != null) {
      return WALK_ALL + " AND d.request_id = :request" + NEWEST_FIRST;
    }
    if (filter.executionId() != null && filter.recipient() == null) {
      return WALK_ALL + " AND d.execution_id = :execution" + NEWEST_FIRST;
    }
    if (filter.recipient() != null) {
      return WALK_RECIPIENT;
    }
    return switch (filter.state()) {
      case null -> WALK_ALL + NEWEST_FIRST;
      case DELIVERED, CLAIMED -> WALK_ALL + NEWEST_FIRST;
      case WAITING, HELD, CANCELLED, EXHAUSTED, REFUSED -> WALK_OPEN;
    };
  }

  /** Conditions, each with AND in front. */
  String sql() {
    return sql.toString();
  }

  Map<String, Object> parameters() {
    return parameters;
  }

  private static @Nullable String text(@Nullable String asked) {
    return asked == null ? null : StorableText.of(asked);
  }

  private void add(String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(" AND ").append(condition);
      parameters.put(NAME.matcher(condition).results().findFirst().orElseThrow().group(1), value);
    }
  }

  private static String state(DeliveryState state) {
    return switch (state) {
      case WAITING -> "d.state = 0 AND c.config_id = d.config_id AND c.active";
      case HELD -> "d.state = 0 AND c.config_id = d.config_id AND NOT c.active";
      case CANCELLED ->
          "(d.state = 5 OR (d.state = 0 AND c.config_id IS DISTINCT FROM d.config_id))";
      case CLAIMED -> "d.state = 1";
      case DELIVERED -> "d.state = 2";
      case EXHAUSTED -> "d.state = 3";
      case REFUSED -> "d.state = 4";
    };
  }
}
