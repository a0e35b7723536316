package dev.feedbackwebhooks.persistence;

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
import org.jdbi.v3.core.Handle;

/** Deliveries as they change. */
final class SqliteChanges implements ChangeStore {
  private final Reads reads;
  private final ChangeLog log;

  SqliteChanges(Reads reads, ChangeLog log) {
    this.reads = reads;
    this.log = log;
  }

  @Override
  public ChangeCursor newest() {
    return reads.inTransaction(handle -> ChangeSearch.newest(handle, SqliteChangeSql.SQL));
  }

  @Override
  public Changes after(Scope scope, DeliveryFilter filter, ChangeCursor cursor, int most) {
    DeliveryCriteria criteria = new DeliveryCriteria(filter);
    return reads.inTransaction(handle ->
        new ChangeSearch(handle, SqliteChangeSql.SQL, scope, most)
            .after(cursor, (scopeId, ids) -> read(handle, scope, criteria, scopeId, ids)));
  }

  private static List<Delivery> read(
      Handle handle, Scope scope, DeliveryCriteria criteria, long scopeId, Set<Long> ids) {
    return handle
        .createQuery(
            SqliteRow.SELECT
                + """
                FROM delivery d LEFT JOIN webhook_config c ON c.scope_id = d.scope_id
                WHERE d.id IN (SELECT value FROM json_each(:ids)) AND d.scope_id = :scope
                """
                + criteria.sql())
        .bind("ids", ids.toString())
        .bind("scope", scopeId)
        .bindMap(criteria.parameters())
        .map((row, _) -> DeliveryRow.read(scope, row, List.of()))
        .list();
  }

  @Override
  public boolean awaitAfter(ChangeCursor cursor, Duration most) throws InterruptedException {
    return log.awaitAfter(cursor, most, null);
  }
}
