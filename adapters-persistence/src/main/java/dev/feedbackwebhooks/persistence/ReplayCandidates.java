package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The deliveries that a replay goes through, as queries. */
final class ReplayCandidates {
  /**
   * Ids grow with the time of creation, but for what a clock that was set tells: deliveries that a
   * jump of more than an hour put out of the order are not found.
   */
  private static final Duration SLACK = Duration.ofHours(1);

  private static final String FROM =
      """
      FROM delivery d INDEXED BY delivery_scope
      LEFT JOIN webhook_config c ON c.scope_id = d.scope_id
      WHERE d.scope_id =
          (SELECT id FROM scope WHERE organization = :organization AND sandbox = :sandbox)
        AND d.id > :after AND d.id < :end
      """;

  /** Over by its row, or since its configuration is gone. */
  private static final String OVER =
      "(d.state > 1 OR (d.state = 0 AND c.config_id IS NOT d.config_id))";

  private static final String SURVEY =
      """
      SELECT COUNT(*) AS matched,
        COALESCE(SUM(skip IS NULL), 0) AS replayed,
        COALESCE(SUM(skip IS 'NOT_OVER'), 0) AS NOT_OVER,
        COALESCE(SUM(skip IS 'BODY_REMOVED'), 0) AS BODY_REMOVED,
        COALESCE(SUM(skip IS 'NO_CONFIG'), 0) AS NO_CONFIG
      FROM (SELECT CASE
        WHEN NOT %s THEN 'NOT_OVER'
        WHEN c.config_id IS NULL THEN 'NO_CONFIG'
        WHEN NOT EXISTS (SELECT 1 FROM payload WHERE delivery_id = d.id) THEN 'BODY_REMOVED'
        END AS skip
      """
          .formatted(OVER);

  private final DeliveryCriteria criteria;
  private final Map<String, Object> parameters = new HashMap<>();

  ReplayCandidates(Scope scope, DeliveryFilter filter) {
    Instant from = Objects.requireNonNull(filter.createdFrom());
    Instant before = Objects.requireNonNull(filter.createdBefore());
    this.criteria = new DeliveryCriteria(filter);
    parameters.putAll(criteria.parameters());
    parameters.put("organization", scope.organization());
    parameters.put("sandbox", scope.sandbox());
    parameters.put("after", DeliveryId.firstAt(from.minus(SLACK)).value());
    parameters.put("end", DeliveryId.firstAt(before.plus(SLACK)).value());
  }

  Map<String, Object> parameters() {
    return parameters;
  }

  /** One row that counts them. */
  String survey() {
    return SURVEY + FROM + criteria.sql() + ")";
  }

  /** Ids of its scope and range, oldest first, with whether the filter takes them. */
  String next() {
    return "SELECT d.id, (1 " + criteria.sql() + ") AS hit " + FROM + " ORDER BY d.id LIMIT :limit";
  }
}
