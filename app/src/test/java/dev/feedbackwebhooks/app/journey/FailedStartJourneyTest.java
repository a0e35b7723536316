package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A start that fails, whatever the reason, ends the process: no supervisor sees one that hangs. */
class FailedStartJourneyTest {
  @TempDir Path directory;

  private static void assertEndedInOneLine(Program.Ended ended) {
    assertThat(ended.status()).as(ended.toString()).isEqualTo(1);
    assertThat(ended.err().lines().filter(line -> line.startsWith("feedback-webhooks: ")))
        .as(ended.err())
        .hasSize(1);
    assertThat(ended.err()).doesNotContain("\tat ");
  }

  private String[] serve() {
    return Program.serve("sqlite:" + directory.resolve("feedback.db"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"logstash-logback-encoder", "hppc", "grpc-services"})
  void aPartThatIsMissingEndsTheStart(String jar) throws Exception {
    Program.Ended ended = new Program(directory).without(jar).run(serve());
    assertEndedInOneLine(ended);
    assertThat(ended.err()).contains("a part of the program is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP INDEX delivery_waiting",
        "DROP TABLE endpoint_health",
        "CREATE TRIGGER refused BEFORE UPDATE ON delivery BEGIN SELECT RAISE(ABORT, 'no'); END"
      })
  void aDatabaseThatFailsAfterItWasOpenedEndsTheStart(String sql) throws Exception {
    assertThat(new Program(directory).run(serve()).status()).isEqualTo(Program.Ended.READY);
    change(sql);
    assertEndedInOneLine(new Program(directory).run(serve()));
  }

  private void change(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("feedback.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO delivery (id, scope_id, config_id, event_hash, state, due_at, claim_id,
            create_time, update_time, event_time, channel, event_id, request_id, campaign_id,
            feedback_status, execution_id, attempts, first_of_round, reason)
          VALUES (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 'e', 'r', 'c', 'sent', 'x', 0, 0, '')
          """);
      statement.execute(sql);
    }
  }

  @Test
  void aPostgresThatGoesAwayDuringTheStartEndsIt() throws Exception {
    String database = Postgres.database();
    long whole = bytesOfAStart(database);
    assertThat(whole).as("the first start, which makes the schema").isPositive();
    whole = bytesOfAStart(database);
    long quarter = whole / 4;
    // At once: each waits for as long as a connection may take.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Program.Ended>> starts =
          LongStream.rangeClosed(1, 3)
              .mapToObj(part -> threads.submit(() -> startWithin(part * quarter, database)))
              .toList();
      for (Future<Program.Ended> start : starts) {
        assertEndedInOneLine(start.get());
      }
    }
  }

  private Program.Ended startWithin(long bytes, String database)
      throws IOException, InterruptedException {
    try (Relay relay = new Relay(URI.create(database).getPort(), bytes)) {
      return new Program(directory).run(through(relay, database));
    }
  }

  private long bytesOfAStart(String database) throws IOException, InterruptedException {
    try (Relay relay = new Relay(URI.create(database).getPort(), Long.MAX_VALUE)) {
      Program.Ended ended = new Program(directory).run(through(relay, database));
      assertThat(ended.status()).as(ended.err()).isEqualTo(Program.Ended.READY);
      return relay.passed();
    }
  }

  private String[] through(Relay relay, String database) {
    return Program.serve(
        database.replace(":" + URI.create(database).getPort(), ":" + relay.port()),
        "--secret-key-file=" + directory.resolve("secret.key"));
  }
}
