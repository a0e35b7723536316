package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.persistence.stored.FilterConditions;
import dev.feedbackwebhooks.persistence.stored.StorableText;
import java.util.Map;

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

  private final DeliveryFilter filter;
  private final FilterConditions conditions;

  PostgresCriteria(DeliveryFilter filter) {
    this.filter = filter;
    this.conditions =
        new FilterConditions(filter, "d.execution_id = :execution", RECIPIENT, StorableText::of);
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
    return conditions.sql();
  }

  Map<String, Object> parameters() {
    return conditions.parameters();
  }
}
