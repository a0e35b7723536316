package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import dev.feedbackwebhooks.domain.watch.Changes;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;

/** Deliveries as they change. */
final class SqliteChanges implements ChangeStore {
  private final Jdbi reads;
  private final ChangeLog log;

  SqliteChanges(Jdbi reads, ChangeLog log) {
    this.reads = reads;
    this.log = log;
  }

  @Override
  public ChangeCursor newest() {
    return log.newest();
  }

  @Override
  public Changes after(Scope scope, DeliveryFilter filter, ChangeCursor cursor, int most) {
    return reads.inTransaction(
        handle -> new ChangeSearch(handle, scope, filter, most).after(cursor));
  }

  @Override
  public void awaitAfter(ChangeCursor cursor, Duration most) throws InterruptedException {
    log.awaitAfter(cursor, most);
  }
}
