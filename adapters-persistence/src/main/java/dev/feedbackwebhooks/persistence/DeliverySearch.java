package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.persistence.stored.DeliveryRow;
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, newest first. However rare what is looked for is, a page looks at no more
 * than so many deliveries; what it did not come to is the next one's.
 */
final class DeliverySearch {
  /** Deliveries that a page looks at: about 100 ms of reading. */
  static final int LOOKED_AT = 50_000;

  /** Blocks that a page looks at: eight million deliveries, and as long. */
  private static final int MOST_BLOCKS = 2_048;

  /** See {@link ReplayCandidates}: how far a clock may be set without putting one out of reach. */
  private static final Duration SLACK = Duration.ofHours(1);

  private static final String BLOCKS =
      """
      SELECT first_id, last_id, keys, recipients FROM delivery_block
      WHERE last_id >= :low AND first_id < :high ORDER BY last_id DESC
      """;

  /** A block from its first id on, and how many of it were looked at. */
  private record Looked(long first, int rows) {}

  private static final String SELECT =
      SqliteRow.SELECT
          + """
          FROM delivery d INDEXED BY %s LEFT JOIN webhook_config c ON c.scope_id = d.scope_id
          WHERE d.scope_id = :scope AND d.id >= :low AND d.id < :high %s
          ORDER BY d.id DESC LIMIT :limit
          """;

  private final Handle handle;
  private final Scope scope;
  private final DeliveryFilter filter;
  private final DeliveryCriteria criteria;
  private final int limit;
  private final List<Delivery> found = new ArrayList<>();
  private final long low;
  private long high;
  private long scopeId;

  DeliverySearch(Handle handle, Scope scope, DeliveryFilter filter, int limit) {
    this.handle = handle;
    this.scope = scope;
    this.filter = filter;
    this.criteria = new DeliveryCriteria(filter);
    this.limit = limit;
    Instant from = filter.createdFrom();
    Instant end = filter.createdBefore();
    this.low = from == null ? 0 : firstAt(from.minus(SLACK));
    this.high = end == null ? Long.MAX_VALUE : firstAt(end.plus(SLACK));
  }

  /** There are ids for the times from 1970 to 2109. */
  private static long firstAt(Instant time) {
    long seconds = Math.clamp(time.getEpochSecond(), 0, (1L << 42) / 1_000);
    return DeliveryId.firstAt(Instant.ofEpochSecond(seconds)).value();
  }

  DeliveryPage page(@Nullable DeliveryId before) {
    Optional<Long> known = ScopeIds.find(handle, scope);
    if (known.isEmpty()) {
      return new DeliveryPage(List.of(), null);
    }
    scopeId = known.get();
    high = before == null ? high : Math.min(high, before.value());
    BlockKeys asked = BlockKeys.of(scopeId, filter);
    long reached = asked.isEmpty() ? all(low) : inBlocks(asked);
    if (found.size() > limit) {
      List<Delivery> page = List.copyOf(found.subList(0, limit));
      return new DeliveryPage(page, page.getLast().id());
    }
    return new DeliveryPage(found, reached <= low ? null : new DeliveryId(reached));
  }

  /** Looks at as many from {@code high} down as a page may, and tells how far it came. */
  private long all(long from) {
    long reach =
        query(
                """
                SELECT d.id FROM delivery d INDEXED BY %s WHERE d.scope_id = :scope %s
                  AND d.id >= :low AND d.id < :high ORDER BY d.id DESC LIMIT 1 OFFSET :rows
                """
                    .formatted(criteria.index(), criteria.indexed()),
                from,
                high)
            .bind("rows", LOOKED_AT - 1)
            .mapTo(Long.class)
            .findOne()
            .orElse(from);
    add(reach, high);
    return reach;
  }

  private long inBlocks(BlockKeys asked) {
    long newest = Math.max(low, DeliveryBlocks.newest(handle) + 1);
    long reached = high <= newest ? newest : all(newest);
    if (reached > newest) {
      return reached;
    }
    try (ResultIterator<Looked> blocks =
        handle
            .createQuery(BLOCKS)
            .bind("low", low)
            .bind("high", high)
            .map((row, _) -> look(asked, row))
            .iterator()) {
      return through(blocks);
    }
  }

  private long through(ResultIterator<Looked> blocks) {
    int lookedAt = 0;
    for (int i = 0; i < MOST_BLOCKS && lookedAt < LOOKED_AT && found.size() <= limit; i++) {
      if (!blocks.hasNext()) {
        return low;
      }
      Looked block = blocks.next();
      lookedAt += block.rows();
      high = block.first();
    }
    return high;
  }

  private Looked look(BlockKeys asked, ResultSet block) throws SQLException {
    long first = block.getLong("first_id");
    if (!asked.mayBeIn(block.getBytes("keys"), block.getBytes("recipients"))) {
      return new Looked(first, 0);
    }
    add(Math.max(low, first), Math.min(high, block.getLong("last_id") + 1));
    return new Looked(first, DeliveryBlocks.ROWS);
  }

  private void add(long from, long until) {
    query(SELECT.formatted(criteria.index(), criteria.indexed() + criteria.sql()), from, until)
        .bindMap(criteria.parameters())
        .bind("limit", limit + 1 - found.size())
        .map((row, _) -> DeliveryRow.read(scope, row, List.of()))
        .forEach(found::add);
  }

  private Query query(String sql, long from, long until) {
    return handle.createQuery(sql).bind("scope", scopeId).bind("low", from).bind("high", until);
  }
}
