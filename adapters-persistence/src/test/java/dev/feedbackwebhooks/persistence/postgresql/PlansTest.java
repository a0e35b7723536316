package dev.feedbackwebhooks.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.testing.Samples;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Statements that find rows by their keys are planned once, maybe for a day that is empty still, as
 * its statistics say, and must find each of its millions of rows by its key later.
 */
@NullUnmarked
class PlansTest {
  /** By which a row is found: nothing else that an index may have is as good. */
  private static final Pattern BY_KEY =
      Pattern.compile(
          "Index (Only )?Scan using (delivery_\\d+_pkey|payload_\\d+_pkey|attempt_\\d+_pkey"
              + "|event_key_pkey|delivery_open_pkey|delivery_open_scope|delivery_open_waiting"
              + "|delivery_open_claimed|delivery_\\d+_message_feedback_status_idx) ");

  /** Of days that had rows before, and of what has no day. */
  private static final Pattern SCAN =
      Pattern.compile(
          "Scan.* on (delivery_\\d+|payload_\\d+|attempt_\\d+|event_key|delivery_open)\\b");

  @TempDir Path directory;
  private PostgresSettings settings;

  @BeforeEach
  void create() throws SQLException {
    // The driver would take the statements' numbered parameters for its own.
    String url = PostgresServer.freshDatabase() + "&preferQueryMode=simple";
    settings = new PostgresSettings(url, directory.resolve("test.key"));
    try (Connection connection = settings.connect(SessionPins.COMMON)) {
      DayPartitions.run(connection, "ANALYZE");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        Settlements.ACCEPTED,
        Settlements.OTHERS,
        DueClaims.CLAIM,
        PostgresQueue.EXTEND,
        PostgresQueue.RELEASE,
        PostgresQueue.END_LAPSED,
        FreshClaims.END_LAPSED,
        PostgresTurns.OVER,
        PostgresTurns.FREE,
        PostgresBook.LOCK,
        PostgresBook.BEFORE,
        PostgresBook.RETRY,
        RowPurge.DELETE,
        RowPurge.DELETE_BODIES
      })
  void whatTheWriterDoesFindsRowsByTheirKeys(String statement) throws SQLException {
    assertByKeys(plan(SessionPins.WRITER, statement));
  }

  @ParameterizedTest
  @ValueSource(strings = {PostgresBook.SELECT, PostgresBook.ATTEMPTS})
  void whatIsLookedUpByItsIdIsFoundByIt(String query) throws SQLException {
    assertByKeys(plan(SessionPins.READER, query.replaceAll("(?<!:):\\w+", "?")));
  }

  /** What the server planned for the empty day, it does for the full one. */
  @Test
  void aPlanStaysAsItIsWhileTheDayFills() throws SQLException {
    try (Connection connection = settings.connect(SessionPins.WRITER)) {
      DayPartitions.run(connection, "SET plan_cache_mode = force_generic_plan");
      DayPartitions.run(connection, "PREPARE planned AS " + numbered(Settlements.ACCEPTED));
      List<String> empty = explain(connection, Settlements.ACCEPTED);
      DayPartitions.run(
          connection,
          """
          INSERT INTO delivery
          SELECT g, 1, 1, gen_random_uuid(), 1, 1, 1, 1, 0, 1, 1, 1, 1, 'e', 'r', 'x', 'c', 'sent', ''
          FROM generate_series(%1$d, %1$d + 20000) AS g
          """
              .formatted(Day.of(Samples.NOW).first()));
      assertThat(explain(connection, Settlements.ACCEPTED)).isEqualTo(empty);
      assertByKeys(empty);
    }
  }

  private List<String> plan(String pins, String statement) throws SQLException {
    try (Connection connection = settings.connect(pins);
        Statement explain = connection.createStatement();
        ResultSet row =
            explain.executeQuery("EXPLAIN (COSTS OFF, GENERIC_PLAN) " + numbered(statement))) {
      return lines(row);
    }
  }

  private static String numbered(String statement) {
    StringBuilder numbered = new StringBuilder();
    int parameters = 0;
    for (char each : statement.strip().toCharArray()) {
      numbered.append(each == '?' ? "$" + ++parameters : String.valueOf(each));
    }
    return numbered.toString();
  }

  private static List<String> lines(ResultSet row) throws SQLException {
    List<String> lines = new ArrayList<>();
    while (row.next()) {
      lines.add(row.getString(1));
    }
    return lines;
  }

  private static List<String> explain(Connection connection, String statement) throws SQLException {
    int parameters = (int) statement.chars().filter(each -> each == '?').count();
    try (Statement explain = connection.createStatement();
        ResultSet row =
            explain.executeQuery(
                "EXPLAIN (COSTS OFF) EXECUTE planned ("
                    + "NULL, ".repeat(parameters - 1)
                    + "NULL)")) {
      return lines(row);
    }
  }

  private static void assertByKeys(List<String> plan) {
    String all = String.join("\n", plan);
    for (int i = 0; i < plan.size(); i++) {
      if (SCAN.matcher(plan.get(i)).find()) {
        assertThat(plan.get(i)).as(all).containsPattern(BY_KEY);
        assertThat(plan.get(i + 1)).as(all).contains("Index Cond:");
        if (plan.get(i).contains("delivery_open_scope ")) {
          assertThat(plan.get(i + 1)).as(all).contains("scope_id");
        }
      }
    }
  }
}
