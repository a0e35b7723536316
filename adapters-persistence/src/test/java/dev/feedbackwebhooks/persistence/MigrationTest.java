package dev.feedbackwebhooks.persistence;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static dev.feedbackwebhooks.domain.testing.Samples.SCOPE;
import static dev.feedbackwebhooks.persistence.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliveryStats;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that the first version wrote is taken over as it is, with all that is in it. */
class MigrationTest {
  private static final int DELIVERIES = 100_000;

  @TempDir Path directory;

  @Test
  void aDatabaseOfTheFirstVersionIsMigratedInPlace() throws Exception {
    writeFirstVersion();
    try (OpenStore open = OpenStore.in(directory)) {
      SqliteStore store = open.store();
      DeliveryStats stats = store.book().stats(SCOPE);
      assertThat(stats.accepted()).isEqualTo(DELIVERIES);
      assertThat(stats.delivered()).isEqualTo(DELIVERIES / 2);
      assertThat(stats.exhausted()).isEqualTo(DELIVERIES / 4);
      assertThat(stats.cancelled()).as("their configuration is gone").isEqualTo(DELIVERIES / 4);

      Delivery exhausted = store.book().find(SCOPE, new DeliveryId(1)).orElseThrow();
      assertThat(exhausted.state()).isEqualTo(DeliveryState.EXHAUSTED);
      assertThat(exhausted.subject()).isEqualTo(Samples.subject("e-1"));
      assertThat(exhausted.attempts())
          .singleElement()
          .satisfies(attempt -> {
            assertThat(attempt.result())
                .isEqualTo(
                    new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, null, "HTTP 503"));
            assertThat(attempt.detail()).isEqualTo(AttemptDetail.NONE);
          });
      assertThat(enqueue(store, DELIVERIES, "e-4711"))
          .as("its event is known")
          .containsExactly(new Enqueued.Duplicate(new DeliveryId(4711)));
      assertThat(enqueue(store, DELIVERIES + 1, "e-new"))
          .containsExactly(new Enqueued.Stored(new DeliveryId(DELIVERIES + 1)));
      assertThat(store.book().stats(SCOPE).accepted()).isEqualTo(DELIVERIES + 1);
      findsByWhatTheBodiesSay(open);
    }
  }

  private static void findsByWhatTheBodiesSay(OpenStore open) {
    DeliveryFilter person = filter(null, "person-77@luma.com");
    DeliveryFilter both = filter("execution-1", "person-78@luma.com");
    assertThat(found(open, person)).containsExactly(77L);
    await().until(() -> open.count("delivery_block") == (DELIVERIES + 1) / DeliveryBlocks.ROWS - 1);
    assertThat(found(open, person)).containsExactly(77L);
    assertThat(found(open, both)).containsExactly(78L);
    assertThat(found(open, filter("execution-2", null))).isEmpty();
  }

  private static DeliveryFilter filter(@Nullable String execution, @Nullable String recipient) {
    return new DeliveryFilter(null, null, null, null, execution, recipient, null, null);
  }

  /** Page by page: while there are no blocks, pages come to their end before the list does. */
  private static List<Long> found(OpenStore open, DeliveryFilter filter) {
    List<Long> ids = new ArrayList<>();
    DeliveryId next = null;
    do {
      DeliveryPage page = open.store().book().list(SCOPE, filter, next, 10);
      page.deliveries().forEach(delivery -> ids.add(delivery.id().value()));
      next = page.next();
    } while (next != null);
    return ids;
  }

  private static String body(int id) {
    return """
    {"messageExecution":{"messageExecutionID":"execution-1"},
     "identityMap":{"email":[{"id":"person-%d@luma.com","primary":true}]}}
    """
        .formatted(id);
  }

  private static List<Enqueued> enqueue(SqliteStore store, long id, String event) {
    return store
        .queue()
        .enqueue(List.of(new Entry(Samples.delivery(SCOPE, id, event), null, NOW)))
        .toCompletableFuture()
        .join();
  }

  private void writeFirstVersion() throws Exception {
    Path file = OpenStore.settings(directory).database();
    try (Connection connection = SqliteFiles.connect(file);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.executeUpdate(script());
      statement.executeUpdate(
          "INSERT INTO scope (id, organization, sandbox) VALUES (1, '"
              + SCOPE.organization()
              + "', '"
              + SCOPE.sandbox()
              + "')");
      deliveries(connection);
      statement.execute("PRAGMA user_version = 1");
      connection.commit();
    }
  }

  private static void deliveries(Connection connection) throws Exception {
    EventHash hash = new EventHash();
    try (PreparedStatement delivery =
            connection.prepareStatement(
                """
                INSERT INTO delivery VALUES (?, 1, 4711, ?, ?, ?, 0, ?, 0, ?, ?, ?, 0, ?,
                  'request-1', ?, 'bounce', '', ?)
                """);
        PreparedStatement attempt =
            connection.prepareStatement(
                """
                INSERT INTO attempt
                VALUES (?, 1, ?, 7, 'retryable', 'HTTP_STATUS', 503, 'HTTP 503')
                """)) {
      for (int id = 1; id <= DELIVERIES; id++) {
        int state = id % 4 == 1 ? 3 : id % 4 == 2 ? 0 : 2;
        delivery.setLong(1, id);
        delivery.setLong(2, hash.of(1, "e-" + id));
        delivery.setInt(3, state);
        delivery.setLong(4, NOW.toEpochMilli());
        delivery.setInt(5, state == 0 ? 0 : 1);
        delivery.setLong(6, NOW.toEpochMilli());
        delivery.setLong(7, NOW.toEpochMilli());
        delivery.setLong(8, NOW.toEpochMilli());
        delivery.setString(9, "e-" + id);
        delivery.setString(10, Samples.CAMPAIGN);
        delivery.setBytes(11, body(id).getBytes(StandardCharsets.UTF_8));
        delivery.executeUpdate();
        if (state == 3) {
          attempt.setLong(1, id);
          attempt.setLong(2, NOW.toEpochMilli());
          attempt.executeUpdate();
        }
      }
    }
  }

  private static String script() throws Exception {
    try (InputStream in = Objects.requireNonNull(Schema.class.getResourceAsStream("V1.sql"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
