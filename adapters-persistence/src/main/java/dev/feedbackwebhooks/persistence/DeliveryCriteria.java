package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.persistence.stored.EarlierRows;
import dev.feedbackwebhooks.persistence.stored.FilterConditions;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A filter as a part of a query. */
final class DeliveryCriteria {
  private static final String RECIPIENT =
      """
      EXISTS (SELECT 1 FROM payload p, json_each(%s)
        WHERE p.delivery_id = d.id AND value = :recipient)
      """
          .formatted(EarlierRows.RECIPIENTS);

  private final DeliveryFilter filter;
  private final FilterConditions conditions;

  DeliveryCriteria(DeliveryFilter filter) {
    this.filter = filter;
    this.conditions =
        new FilterConditions(
            filter, EarlierRows.EXECUTION + " = :execution", RECIPIENT, UnaryOperator.identity());
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
    return conditions.sql();
  }

  Map<String, Object> parameters() {
    return conditions.parameters();
  }
}
