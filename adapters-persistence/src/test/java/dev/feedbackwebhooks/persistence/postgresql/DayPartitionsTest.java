package dev.feedbackwebhooks.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each day has partitions before it begins, whatever else happens. */
class DayPartitionsTest {
  private static final Instant NOW = Samples.NOW;
  private static final Day TODAY = Day.of(NOW);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;

  @Test
  void todayAndTheDaysAheadHavePartitionsFromTheStart() throws SQLException {
    String url = PostgresServer.emptyDatabase();
    try (OpenPostgres open = OpenPostgres.on(url, directory)) {
      assertThat(days(url)).containsExactly(TODAY, TODAY.plus(1), TODAY.plus(2));
      assertThat(open.count("payload_20261126")).isZero();
      assertThat(open.count("attempt_20261126")).isZero();
      open.store().keepUp(NOW.plus(DAY));
      assertThat(days(url)).hasSize(4).contains(TODAY.plus(3));
      open.store().keepUp(NOW.plus(DAY.multipliedBy(10)));
      assertThat(days(url)).hasSize(7).contains(TODAY.plus(10), TODAY.plus(11), TODAY.plus(12));
    }
  }

  @Test
  void deliveriesLandInTheirDay() throws SQLException {
    try (OpenPostgres open = OpenPostgres.fresh(directory)) {
      long wrongClock = Day.of(NOW.minus(DAY)).first();
      enqueue(open, TODAY.first(), TODAY.afterLast() - 1, TODAY.plus(2).first(), wrongClock);
      assertThat(open.count("delivery_20261124")).isEqualTo(2);
      assertThat(open.count("payload_20261124")).isEqualTo(2);
      assertThat(open.count("delivery_20261125")).isZero();
      assertThat(open.count("delivery_20261126")).isEqualTo(1);
      assertThat(open.count("delivery_default")).isEqualTo(1);
      assertThat(open.count("payload_default")).isEqualTo(1);
    }
  }

  @Test
  void aDayThatADefaultPartitionHasDeliveriesOfStaysThereAndTheOthersDoNot() throws SQLException {
    String url = PostgresServer.freshDatabase();
    try (HeardLog log = new HeardLog(DayPartitions.class);
        OpenPostgres open = OpenPostgres.on(url, directory)) {
      enqueue(open, TODAY.plus(3).first());
      for (int minute = 0; minute < 3; minute++) {
        open.store().keepUp(NOW.plus(DAY.multipliedBy(2)).plus(Duration.ofMinutes(minute)));
      }
      assertThat(days(url)).hasSize(4).doesNotContain(TODAY.plus(3)).contains(TODAY.plus(4));
      assertThat(log.lines()).singleElement().asString().startsWith("WARN a clock was ahead");
    }
  }

  @Test
  void whileSomebodyReadsForLongNobodyWaitsForAPartition() throws SQLException {
    String url = PostgresServer.freshDatabase();
    try (OpenPostgres open = OpenPostgres.on(url, directory);
        Connection reader = DriverManager.getConnection("jdbc:" + url)) {
      reader.setAutoCommit(false);
      DayPartitions.run(reader, "SELECT id FROM delivery");
      open.store().keepUp(NOW.plus(DAY));
      assertThat(days(url)).hasSize(3);
      enqueue(open, TODAY.plus(3).first() - 1);
      reader.rollback();
      open.store().keepUp(NOW.plus(DAY).plusSeconds(1));
      assertThat(days(url)).as("not at once").hasSize(3);
      open.store().keepUp(NOW.plus(DAY).plusSeconds(61));
      assertThat(days(url)).hasSize(4);
    }
  }

  @Test
  void whoStopsInTheMiddleOfItKeepsOthersWaitingForSecondsOnly() throws SQLException {
    PostgresSettings settings =
        new PostgresSettings(PostgresServer.freshDatabase(), directory.resolve("test.key"));
    try (PostgresDatabase database = PostgresDatabase.open(settings);
        Connection connection = database.upkeep().getConnection()) {
      connection.setAutoCommit(false);
      DayPartitions.make(connection, TODAY.plus(9));
      for (String limit : List.of("statement_timeout", "idle_in_transaction_session_timeout")) {
        try (var show = connection.createStatement();
            var row = show.executeQuery("SHOW " + limit)) {
          assertThat(row.next()).isTrue();
          assertThat(row.getString(1)).as(limit).isEqualTo("3s");
        }
      }
    }
  }

  static NavigableSet<Day> days(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:" + url)) {
      return DayPartitions.list(connection);
    }
  }

  private static void enqueue(OpenPostgres open, long... ids) {
    for (long id : ids) {
      Entry entry = new Entry(Samples.delivery(Samples.SCOPE, id, "e-" + id), null, NOW);
      assertThat(open.store().queue().enqueue(List.of(entry)).toCompletableFuture().join())
          .hasSize(1);
    }
  }
}
