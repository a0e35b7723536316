package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.fault.Failures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deliveries that the database takes no change of, for what stands in their rows: statements about
 * many leave them out, so that they hold up no others. After an hour each is tried again. Used by
 * the writer only.
 */
public final class PassedOver {
  /** Where statements that leave them out say so. */
  public static final String HERE = "/* not those that are passed over */";

  private static final Logger log = LoggerFactory.getLogger(PassedOver.class);
  private static final Duration TIME = Duration.ofHours(1);
  private static final int MOST = 1_000;

  /** Changes nothing, and is refused like any other change; ids follow. */
  private static final String TRIAL = "UPDATE delivery SET state = state WHERE id IN (";

  private final FailureKind.Of kinds;
  private final Map<Long, Long> since = new LinkedHashMap<>();

  public PassedOver(FailureKind.Of kinds) {
    this.kinds = kinds;
  }

  /**
   * Does something about many deliveries; if that is refused, once more, with care.
   *
   * @param work hears whether it is to find out first which of them are refused
   */
  public static <T> CompletableFuture<T> orWithCare(Function<Boolean, CompletableFuture<T>> work) {
    return work.apply(false)
        .exceptionallyCompose(failure ->
            Failures.cause(failure) instanceof RefusedException
                ? work.apply(true)
                : CompletableFuture.failedFuture(failure));
  }

  public boolean has(long id) {
    return since.containsKey(id);
  }

  /**
   * The statement without them.
   *
   * @param column whose name the id has there
   */
  public String leftOut(String sql, String column) {
    long now = System.nanoTime();
    since.values().removeIf(each -> now - each > TIME.toNanos());
    return since.isEmpty()
        ? sql
        : sql.replace(HERE, "AND " + column + " NOT IN (" + joined(since.keySet()) + ")");
  }

  /** Finds out which are refused. */
  public void find(Connection connection, ResultSet ids) throws SQLException {
    List<Long> list = new ArrayList<>();
    try (ids) {
      while (ids.next()) {
        list.add(ids.getLong(1));
      }
    }
    find(connection, list);
  }

  /** The same, by halves. */
  public void find(Connection connection, List<Long> ids) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    Savepoint before = connection.setSavepoint();
    SQLException refused = trial(connection, ids);
    connection.rollback(before);
    if (refused == null) {
      return;
    }
    if (!kinds.of(refused).ofOneRow()) {
      throw refused;
    }
    if (ids.size() == 1) {
      add(ids.getFirst(), refused);
    } else {
      find(connection, ids.subList(0, ids.size() / 2));
      find(connection, ids.subList(ids.size() / 2, ids.size()));
    }
  }

  private static @Nullable SQLException trial(Connection connection, List<Long> ids)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(TRIAL + joined(ids) + ")");
      return null;
    } catch (SQLException refused) {
      return refused;
    }
  }

  private void add(long id, SQLException refused) {
    if (since.size() >= MOST) {
      since.remove(since.keySet().iterator().next());
    }
    since.put(id, System.nanoTime());
    log.atError()
        .addKeyValue("delivery", id)
        .addKeyValue("cause", kinds.thrown(refused).getMessage())
        .log("the database takes no change of a delivery, which is passed over for an hour");
  }

  private static String joined(Collection<Long> ids) {
    return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
