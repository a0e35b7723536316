package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.fault.Failures;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge.Step;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A delivery as retention read it; if it changed since, it stays. */
public interface Expiring {
  Logger log = LoggerFactory.getLogger(Expiring.class);

  /** Deliveries that are looked at in a step: some milliseconds of reading. */
  int LOOKED_AT = 4_096;

  /** Deliveries that a step changes: a few milliseconds of the writer's. */
  int CHANGED = 256;

  long id();

  /** See {@link StoredState}. */
  int state();

  long updateTime();

  boolean hasBody();

  /**
   * What a step of retention has to do.
   *
   * @param records go with all that belongs to them
   * @param bodies go, and their records stay
   * @param last the last one that was looked at; null once there is no further one
   */
  record Found<T extends Expiring>(List<T> records, List<T> bodies, @Nullable DeliveryId last) {
    /**
     * Has it done. What is refused for what stands in one row is done by halves, until that row is
     * alone: it stays.
     */
    public CompletionStage<Step> removedBy(Function<Found<T>, CompletionStage<Step>> write) {
      return write
          .apply(this)
          .exceptionallyCompose(failure ->
              Failures.cause(failure) instanceof RefusedException refused
                  ? withoutRefused(write, refused)
                  : CompletableFuture.failedFuture(failure));
    }

    private CompletionStage<Step> withoutRefused(
        Function<Found<T>, CompletionStage<Step>> write, RefusedException refused) {
      if (records.size() + bodies.size() < 2) {
        Stream.concat(records.stream(), bodies.stream())
            .forEach(one ->
                log.atError()
                    .addKeyValue("delivery", one.id())
                    .addKeyValue("cause", refused.getMessage())
                    .log("the database refuses to remove a delivery, or its body: it stays"));
        return CompletableFuture.completedFuture(new Step(0, 0, last));
      }
      int ofRecords = bodies.isEmpty() ? records.size() / 2 : records.size();
      int ofBodies = records.isEmpty() ? bodies.size() / 2 : 0;
      return part(records.subList(0, ofRecords), bodies.subList(0, ofBodies))
          .removedBy(write)
          .thenCombine(
              part(
                      records.subList(ofRecords, records.size()),
                      bodies.subList(ofBodies, bodies.size()))
                  .removedBy(write),
              (one, other) ->
                  new Step(
                      one.deliveries() + other.deliveries(), one.bodies() + other.bodies(), last));
    }

    private Found<T> part(List<T> ofRecords, List<T> ofBodies) {
      return new Found<>(ofRecords, ofBodies, last);
    }
  }

  /**
   * Finds what a step of retention has to do, by a reading connection.
   *
   * @param select with the parameters after, before and limit
   */
  static <T extends Expiring> Found<T> find(
      Reads reads, String select, long after, long before, Expiry expiry, RowMapper<T> mapper) {
    return reads.withHandle(handle -> {
      try (ResultIterator<T> rows =
          handle
              .createQuery(select)
              .bind("after", after)
              .bind("before", before)
              .bind("limit", LOOKED_AT)
              .map(mapper)
              .iterator()) {
        return sort(rows, expiry);
      }
    });
  }

  /** Sorts what is read, {@link #LOOKED_AT} rows at most. */
  private static <T extends Expiring> Found<T> sort(ResultIterator<T> rows, Expiry expiry) {
    List<T> records = new ArrayList<>();
    List<T> bodies = new ArrayList<>();
    DeliveryId last = null;
    int lookedAt = 0;
    while (rows.hasNext() && records.size() + bodies.size() < CHANGED) {
      T seen = rows.next();
      last = new DeliveryId(seen.id());
      lookedAt++;
      if (recordGoes(seen, expiry)) {
        records.add(seen);
      } else if (bodyGoes(seen, expiry)) {
        bodies.add(seen);
      }
    }
    boolean more = rows.hasNext() || lookedAt == LOOKED_AT;
    return new Found<>(records, bodies, more ? last : null);
  }

  private static boolean recordGoes(Expiring seen, Expiry expiry) {
    return switch (StoredState.of(seen.state())) {
      case WAITING, CLAIMED -> false;
      case DELIVERED -> seen.updateTime() < expiry.delivered().toEpochMilli();
      case EXHAUSTED, REFUSED, CANCELLED -> seen.updateTime() < expiry.ended().toEpochMilli();
    };
  }

  private static boolean bodyGoes(Expiring seen, Expiry expiry) {
    return switch (StoredState.of(seen.state())) {
      case WAITING, CLAIMED -> false;
      case DELIVERED, EXHAUSTED, REFUSED, CANCELLED ->
          seen.hasBody() && seen.updateTime() < expiry.bodies().toEpochMilli();
    };
  }
}
