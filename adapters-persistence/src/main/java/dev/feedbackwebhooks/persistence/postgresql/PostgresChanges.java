package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import dev.feedbackwebhooks.domain.watch.Changes;
import dev.feedbackwebhooks.persistence.stored.ChangeLog;
import dev.feedbackwebhooks.persistence.stored.ChangeSearch;
import dev.feedbackwebhooks.persistence.stored.DeliveryRow;
import dev.feedbackwebhooks.persistence.stored.Reads;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Deliveries as they change. */
final class PostgresChanges implements ChangeStore {
  private final Reads reads;
  private final ChangeLog log;

  PostgresChanges(Reads reads, ChangeLog log) {
    this.reads = reads;
    this.log = log;
  }

  @Override
  public ChangeCursor newest() {
    return reads.inTransaction(handle -> ChangeSearch.newest(handle, PostgresChangeSql.SQL));
  }

  @Override
  public Changes after(Scope scope, DeliveryFilter filter, ChangeCursor cursor, int most) {
    PostgresCriteria criteria = new PostgresCriteria(filter);
    return reads.inTransaction(handle ->
        new ChangeSearch(handle, PostgresChangeSql.SQL, scope, most)
            .after(cursor, (scopeId, ids) -> read(handle, scope, criteria, scopeId, ids)));
  }

  private static List<Delivery> read(
      Handle handle, Scope scope, PostgresCriteria criteria, long scopeId, Set<Long> ids) {
    return handle
        .createQuery(
            PostgresRow.SELECT
                + """
                FROM delivery d LEFT JOIN webhook_config c ON c.scope_id = d.scope_id
                WHERE d.id = ANY (CAST(:ids AS bigint[])) AND d.scope_id = :scope
                """
                + criteria.sql())
        .bind("ids", ids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}")))
        .bind("scope", scopeId)
        .bindMap(criteria.parameters())
        .map((row, _) -> DeliveryRow.read(scope, row, List.of()))
        .list();
  }

  @Override
  public boolean awaitAfter(ChangeCursor cursor, Duration most) throws InterruptedException {
    return log.awaitAfter(cursor, most, this::newest);
  }
}
