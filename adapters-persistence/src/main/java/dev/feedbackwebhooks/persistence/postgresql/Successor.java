package dev.feedbackwebhooks.persistence.postgresql;

import com.carrotsearch.hppc.LongLongHashMap;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.Writing;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what lost nodes had claimed straight away, for this node to give it back once its
 * leases are over. First their places, then what they left: who comes back in between has to begin
 * with a new place, so nothing is left that nobody looks after.
 */
final class Successor {
  private static final Logger log = LoggerFactory.getLogger(Successor.class);

  private final Reads reads;
  private final GroupCommit writes;
  private final FreshClaims claims;
  private final Writing beside;
  private final ReentrantLock one = new ReentrantLock();

  /**
   * @param beside writes what may take a while
   */
  Successor(Reads reads, GroupCommit writes, FreshClaims claims, Writing beside) {
    this.beside = beside;
    this.reads = reads;
    this.writes = writes;
    this.claims = claims;
  }

  /** Blocks its caller. What cannot be done now is done by the next call. */
  void take(List<Long> lost) {
    if (!one.tryLock()) {
      return;
    }
    try {
      if (!lost.isEmpty()) {
        takePlaces(lost);
        foldCounts();
      }
      if (claims.unread() < Long.MAX_VALUE) {
        read(claims.unread());
      }
    } catch (Fault.Unavailable | JdbiException e) {
      log.atWarn()
          .addKeyValue("cause", String.valueOf(e.getMessage()))
          .log("what a lost node left could not be taken over yet");
    } finally {
      one.unlock();
    }
  }

  private void takePlaces(List<Long> lost) {
    var _ =
        writes.await(connection -> {
          claims.succeed(connection, lost);
          return true;
        });
  }

  private void foldCounts() {
    var _ =
        beside
            .submit(connection -> {
              try (Statement fold = connection.createStatement()) {
                return fold.executeUpdate(PostgresTally.FOLD_COUNTS)
                    + fold.executeUpdate(PostgresTally.FOLD_LATENCIES);
              }
            })
            // The next one does the same.
            .exceptionally(_ -> 0);
  }

  private void read(long from) {
    LongLongHashMap found = new LongLongHashMap();
    reads.useHandle(handle ->
        handle
            .createQuery(FreshClaims.FROM_ON)
            .bind(0, from)
            .map((row, _) -> found.put(row.getLong(1), row.getLong(2)))
            .forEach(_ -> {}));
    var _ =
        writes.await(_ -> {
          claims.read(found);
          return true;
        });
  }
}
