package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.persistence.stored.DeliveryRow;
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, newest first. However rare what is looked for is, a page looks at no more
 * than so many deliveries; what it did not come to is the next one's.
 */
final class PostgresSearch {
  /** Deliveries that a page looks at: about 100 ms of reading. */
  static final int LOOKED_AT = 50_000;

  /** How far a clock may be set without putting a delivery out of reach. */
  private static final Duration SLACK = Duration.ofHours(1);

  private final Handle handle;
  private final Scope scope;
  private final PostgresCriteria criteria;
  private final int limit;
  private final long low;
  private final long end;

  PostgresSearch(Handle handle, Scope scope, DeliveryFilter filter, int limit) {
    this.handle = handle;
    this.scope = scope;
    this.criteria = new PostgresCriteria(filter);
    this.limit = limit;
    Instant from = filter.createdFrom();
    Instant before = filter.createdBefore();
    this.low = from == null ? 0 : firstAt(from.minus(SLACK));
    this.end = before == null ? Long.MAX_VALUE : firstAt(before.plus(SLACK));
  }

  /** There are ids for the times from 1970 to 2109. */
  private static long firstAt(Instant time) {
    long seconds = Math.clamp(time.getEpochSecond(), 0, (1L << 42) / 1_000);
    return DeliveryId.firstAt(Instant.ofEpochSecond(seconds)).value();
  }

  DeliveryPage page(@Nullable DeliveryId before) {
    Optional<Long> scopeId = ScopeIds.find(handle, scope);
    if (scopeId.isEmpty()) {
      return new DeliveryPage(List.of(), null);
    }
    long high = before == null ? end : Math.min(end, before.value());
    List<Delivery> found = found(scopeId.get(), high);
    if (found.size() > limit) {
      List<Delivery> page = found.subList(0, limit);
      return new DeliveryPage(page, page.getLast().id());
    }
    return new DeliveryPage(found, reached(scopeId.get(), high));
  }

  /** One more than the page takes, if there are. */
  private List<Delivery> found(long scopeId, long high) {
    String sql =
        PostgresRow.SELECT
            + """
            FROM (%s LIMIT %d) AS d LEFT JOIN webhook_config c ON c.scope_id = d.scope_id
            WHERE true %s ORDER BY d.id DESC LIMIT :limit
            """
                .formatted(criteria.walk(), LOOKED_AT, criteria.sql());
    return query(sql, scopeId, high)
        .bind("limit", limit + 1)
        .map((row, _) -> DeliveryRow.read(scope, row, List.of()))
        .list();
  }

  /** How far a page looks; null if that is all. */
  private @Nullable DeliveryId reached(long scopeId, long high) {
    String sql =
        "SELECT id FROM (%s LIMIT 1 OFFSET %d) AS d".formatted(criteria.walk(), LOOKED_AT - 1);
    return query(sql, scopeId, high).mapTo(Long.class).findOne().map(DeliveryId::new).orElse(null);
  }

  private Query query(String sql, long scopeId, long high) {
    return handle
        .createQuery(sql)
        .configure(SqlStatements.class, statements -> statements.setUnusedBindingAllowed(true))
        .bind("scope", scopeId)
        .bind("low", low)
        .bind("high", high)
        .bindMap(criteria.parameters());
  }
}
