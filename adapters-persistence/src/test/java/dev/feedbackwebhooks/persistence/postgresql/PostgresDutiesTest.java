package dev.feedbackwebhooks.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.node.JobLeases;
import dev.feedbackwebhooks.domain.testing.JobLeasesContract;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** JobLeases in PostgreSQL keep their contract, and go by its clock. */
@NullUnmarked
class PostgresDutiesTest extends JobLeasesContract {
  private PostgresSingles singles;
  private PostgresSingles others;

  @BeforeEach
  void open() throws SQLException {
    PostgresSettings settings =
        new PostgresSettings(PostgresServer.freshDatabase(), Path.of("none"));
    singles = PostgresSingles.open(settings, Thread::startVirtualThread);
    others = PostgresSingles.open(settings, Thread::startVirtualThread);
  }

  @AfterEach
  void close() {
    singles.close();
    others.close();
  }

  @Override
  protected JobLeases one() {
    return new PostgresDuties(singles, 1);
  }

  @Override
  protected JobLeases other() {
    return new PostgresDuties(others, -1);
  }

  @Override
  protected void timePasses() {
    run("UPDATE duty SET until = until - " + JobLeases.HELD.toMillis());
  }

  @Test
  void theTimeIsTheDatabasesWhateverItIsHere() {
    Instant before = now(Instant.EPOCH);
    Instant after = now(Instant.EPOCH.plus(Duration.ofDays(100_000)));
    assertThat(Duration.between(before, after)).isBetween(Duration.ZERO, Duration.ofMinutes(5));
  }

  private Instant now(Instant here) {
    return one().now(here).toCompletableFuture().join();
  }

  private int run(String sql) {
    return singles
        .submit(connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
          }
        })
        .join();
  }

  @Test
  void ofManyThatAskAtOnceOneGetsIt() {
    List<CompletableFuture<Boolean>> asked =
        LongStream.range(0, 20)
            .mapToObj(holder -> new PostgresDuties(holder % 2 == 0 ? singles : others, holder))
            .map(process -> process.take("a").toCompletableFuture())
            .toList();
    assertThat(asked.stream().filter(CompletableFuture::join)).hasSize(1);
  }

  @Test
  void whatDeadProcessesHadIsForgottenAfterADay() {
    assertThat(one().take("a").toCompletableFuture().join()).isTrue();
    assertThat(one().take("b").toCompletableFuture().join()).isTrue();
    assertThat(run("UPDATE duty SET until = until - 90000000 WHERE name = 'a'")).isEqualTo(1);
    var _ = other().leave("c").toCompletableFuture().join();
    assertThat(run("UPDATE duty SET until = until")).as("b is left").isEqualTo(1);
  }
}
