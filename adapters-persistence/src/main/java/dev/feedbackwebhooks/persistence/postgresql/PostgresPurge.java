package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is over: of a day with partitions of its own, the partitions ({@link DayPurge}), but
 * not before the whole day is over, or what of it goes where too much stays ({@link DayRows}); what
 * is in the default ones, row by row. One step at a time.
 */
final class PostgresPurge implements DeliveryPurge {
  private static final Logger log = LoggerFactory.getLogger(PostgresPurge.class);

  private static final String ANY =
      "SELECT EXISTS (SELECT FROM delivery WHERE id >= :from AND id < :before)";

  private static final CompletionStage<Step> NOTHING =
      CompletableFuture.completedFuture(new Step(0, 0, null));

  private final Reads reads;
  private final DataSource upkeep;
  private final Executor background;
  private final RowPurge rows;
  private final DayPurge whole;
  private final DayRows dayRows;

  /** Whose deliveries go row by row in this round. */
  private final Set<Day> byRow = ConcurrentHashMap.newKeySet();

  PostgresPurge(Reads reads, DataSource upkeep, Executor background, RowPurge rows) {
    this.reads = reads;
    this.upkeep = upkeep;
    this.background = background;
    this.rows = rows;
    this.whole = new DayPurge(upkeep);
    this.dayRows = new DayRows(upkeep);
  }

  @Override
  public CompletionStage<Step> purge(Expiry expiry, @Nullable DeliveryId after) {
    long from = after == null ? 0 : after.value();
    return CompletableFuture.supplyAsync(() -> step(expiry, from), background)
        .thenCompose(Function.identity());
  }

  private synchronized CompletionStage<Step> step(Expiry expiry, long after) {
    long before = DeliveryId.firstAt(expiry.latest()).value();
    Day day = nextDay(after);
    if (day == null || day.first() >= before) {
      return rows.purge(expiry, after, before);
    }
    if (isAny(after + 1, day.first())) {
      return goOn(rows.purge(expiry, after, day.first()), day.first(), before);
    }
    return step(expiry, Math.max(after, day.first() - 1), before, day);
  }

  private CompletionStage<Step> step(Expiry expiry, long after, long before, Day day) {
    long end = Math.min(day.afterLast(), before);
    if (day.end().isAfter(expiry.records())) {
      // Until the whole day may go, only what must not stay for that long.
      boolean any = expiry.bodies().isAfter(day.start());
      return goOn(any ? rows.purge(bodiesOnly(expiry), after, end) : NOTHING, end, before);
    }
    if (byRow.contains(day)) {
      return goOn(rowByRow(day, expiry, Math.max(after, day.first() - 1)), end, before);
    }
    return switch (wholeDay(day, expiry, after)) {
      case DayPurge.Looked(long last) -> done(new Step(0, 0, new DeliveryId(last)));
      case DayPurge.Gone(int deliveries) -> goOn(done(new Step(deliveries, 0, null)), end, before);
      case DayPurge.Busy _ -> goOn(NOTHING, end, before);
      case DayPurge.ByRow _ -> {
        byRow.add(day);
        yield done(new Step(0, 0, new DeliveryId(day.first() - 1)));
      }
    };
  }

  /** The whole step at once, unless a row is refused, which has to be found then. */
  private CompletionStage<Step> rowByRow(Day day, Expiry expiry, long after) {
    CompletionStage<Step> part;
    try {
      part = done(dayRows.purge(day, expiry, after));
    } catch (RefusedException _) {
      part = rows.purge(expiry, after, day.afterLast());
    }
    return part.thenApply(step -> {
      if (step.last() == null) {
        byRow.remove(day);
      }
      return step;
    });
  }

  /** A row that is to stay may be refused where it is to go to. */
  private DayPurge.Outcome wholeDay(Day day, Expiry expiry, long after) {
    try {
      return whole.purge(day, expiry, after);
    } catch (RefusedException e) {
      log.atError()
          .addKeyValue("day", day.start())
          .addKeyValue("cause", e.getMessage())
          .log("a day's deliveries are removed one by one, since the database refuses one of them");
      return new DayPurge.ByRow();
    }
  }

  /** Where a part is done, the next one follows, if there is anything left. */
  private CompletionStage<Step> goOn(CompletionStage<Step> part, long end, long before) {
    return part.thenApplyAsync(
        step ->
            step.last() == null && isAny(end, before)
                ? new Step(step.deliveries(), step.bodies(), new DeliveryId(end - 1))
                : step,
        background);
  }

  private boolean isAny(long from, long before) {
    return from < before
        && reads.withHandle(handle ->
            handle
                .createQuery(ANY)
                .bind("from", from)
                .bind("before", before)
                .mapTo(Boolean.class)
                .one());
  }

  private static CompletionStage<Step> done(Step step) {
    return CompletableFuture.completedFuture(step);
  }

  /** The day that what comes after is of, or the next one. */
  private @Nullable Day nextDay(long after) {
    NavigableSet<Day> days;
    try (Connection connection = upkeep.getConnection()) {
      days = DayPartitions.list(connection);
    } catch (SQLException e) {
      throw new PostgresFailures().thrown(e);
    }
    return days.ceiling(Day.of(new DeliveryId(after + 1).time()));
  }

  private static Expiry bodiesOnly(Expiry expiry) {
    return new Expiry(Instant.EPOCH, Instant.EPOCH, expiry.bodies());
  }
}
