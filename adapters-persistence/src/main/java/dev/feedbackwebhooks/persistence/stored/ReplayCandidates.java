package dev.feedbackwebhooks.persistence.stored;

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

  private static final String IN_RANGE =
      """

      LEFT JOIN webhook_config c ON c.scope_id = d.scope_id
      WHERE d.scope_id =
          (SELECT id FROM scope WHERE organization = :organization AND sandbox = :sandbox)
        AND d.id > :after AND d.id < :end
      """;

  /** Over by its row, or since its configuration is gone. */
  private static final String OVER =
      "(d.state > 1 OR (d.state = 0 AND c.config_id IS DISTINCT FROM d.config_id))";

  private static final String SURVEY =
      """
      SELECT COUNT(*) AS matched,
        COUNT(*) FILTER (WHERE skip IS NULL) AS replayed,
        COUNT(*) FILTER (WHERE skip = 'NOT_OVER') AS NOT_OVER,
        COUNT(*) FILTER (WHERE skip = 'BODY_REMOVED') AS BODY_REMOVED,
        COUNT(*) FILTER (WHERE skip = 'NO_CONFIG') AS NO_CONFIG
      FROM (SELECT CASE
        WHEN NOT %s THEN 'NOT_OVER'
        WHEN c.config_id IS NULL THEN 'NO_CONFIG'
        WHEN NOT EXISTS (SELECT 1 FROM payload WHERE delivery_id = d.id) THEN 'BODY_REMOVED'
        END AS skip
      """
          .formatted(OVER);

  private final String from;
  private final String criteria;
  private final Map<String, Object> parameters = new HashMap<>();

  ReplayCandidates(ReplayedDeliveries deliveries, Scope scope, DeliveryFilter filter) {
    Instant from = Objects.requireNonNull(filter.createdFrom());
    Instant before = Objects.requireNonNull(filter.createdBefore());
    ReplayedDeliveries.Criteria asked = deliveries.criteria(filter);
    this.from = "FROM " + deliveries.table() + IN_RANGE;
    this.criteria = asked.sql();
    parameters.putAll(asked.parameters());
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
    return SURVEY + from + criteria + ") AS found";
  }

  /** Ids of its scope and range, oldest first, with whether the filter takes them. */
  String next() {
    return "SELECT d.id, (TRUE" + criteria + ") AS hit " + from + " ORDER BY d.id LIMIT :limit";
  }
}
