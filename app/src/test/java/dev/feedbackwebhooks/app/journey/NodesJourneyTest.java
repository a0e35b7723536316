package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.DeliveryStats;
import dev.feedbackwebhooks.proto.v1.GetDeliveryStatsRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several servers on one PostgreSQL, of which one has bad luck. */
@NullUnmarked
class NodesJourneyTest {
  /** The longest that an attempt may take, and that another node may have to wait. */
  private static final String[] SHORT = {
    "--connect-timeout=5s", "--attempt-timeout=5s", "--lease=11s"
  };

  private static final Duration LONGER_THAN_A_LEASE = Duration.ofSeconds(12);

  @TempDir Path directory;

  private final List<RunningServer> nodes = new ArrayList<>();
  private final Set<String> acknowledged = new HashSet<>();
  private String database;
  private Endpoint endpoint;

  @BeforeEach
  void create() throws Exception {
    database = Postgres.database();
    endpoint = Endpoint.start(directory);
    // Slow enough that there is always something under way.
    endpoint.answers(_ -> {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      return 204;
    });
    var _ = new Api(node()).setUp(Api.config(endpoint.url("/")));
  }

  @AfterEach
  void close() {
    nodes.forEach(RunningServer::close);
    endpoint.close();
  }

  private RunningServer node() throws Exception {
    Path own = Files.createDirectory(directory.resolve("node-" + nodes.size()));
    RunningServer server =
        RunningServer.start(
            own,
            endpoint,
            "--database=" + database,
            "--secret-key-file=" + directory.resolve("secret.key"),
            SHORT[0],
            SHORT[1],
            SHORT[2],
            Patience.retries());
    nodes.add(server);
    return server;
  }

  @Test
  void whatAKilledNodeHadTakenInIsDeliveredByTheOthers() throws Exception {
    RunningServer doomed = node();
    RunningServer other = node();
    try (Publisher there = Publisher.start(new Api(doomed), "doomed");
        Publisher here = Publisher.start(new Api(other), "other")) {
      there.awaitAcknowledged();
      here.awaitAcknowledged();
      doomed.kill();
      here.awaitAcknowledged();
      keep(there, here);
    }
    awaitDelivered(other);
  }

  @Test
  @Tag("slow")
  void aNodeThatStandsStillForLongerThanItsLeaseSpoilsNothing() throws Exception {
    RunningServer frozen = node();
    try (Publisher there = Publisher.start(new Api(frozen), "frozen");
        Publisher here = Publisher.start(new Api(nodes.getFirst()), "first")) {
      there.awaitAcknowledged();
      frozen.signal("STOP");
      Set<String> before = Set.copyOf(there.acknowledged());
      await().until(() -> endpoint.webhookIds().containsAll(before));
      await().pollDelay(LONGER_THAN_A_LEASE).until(() -> true);
      here.awaitAcknowledged();
      frozen.signal("CONT");
      there.awaitAcknowledged();
      keep(there, here);
    }
    awaitDelivered(frozen);
  }

  @Test
  @Tag("slow")
  void aDatabaseThatFallsOverUnderLoadTakesNothingWithIt() throws Exception {
    RunningServer second = node();
    try (Publisher here = Publisher.start(new Api(nodes.getFirst()), "first");
        Publisher there = Publisher.start(new Api(second), "second")) {
      for (int round = 0; round < 3; round++) {
        here.awaitAcknowledged();
        there.awaitAcknowledged();
        if (round == 1) {
          Postgres.crash();
        } else {
          Postgres.cutOff(database);
        }
      }
      here.awaitAcknowledged();
      there.awaitAcknowledged();
      keep(here, there);
    }
    awaitDelivered(second);
  }

  private void keep(Publisher... publishers) {
    for (Publisher publisher : publishers) {
      publisher.stop();
      acknowledged.addAll(publisher.acknowledged());
    }
  }

  /** All that was acknowledged has come, with one body each, and is counted once. */
  private void awaitDelivered(RunningServer node) {
    await().until(() -> endpoint.webhookIds().containsAll(acknowledged));
    Api api = new Api(node);
    await().until(() -> stats(api).getWaiting() == 0);
    assertThat(stats(api).getDelivered())
        .isEqualTo(stats(api).getAccepted())
        .isGreaterThanOrEqualTo(acknowledged.size());
    Map<String, Set<String>> bodies =
        endpoint.received().stream()
            .collect(
                Collectors.groupingBy(
                    Endpoint.Received::webhookId,
                    Collectors.mapping(Endpoint.Received::body, Collectors.toSet())));
    assertThat(bodies.values()).allSatisfy(each -> assertThat(each).hasSize(1));
  }

  private static DeliveryStats stats(Api api) {
    return api.deliveries.getDeliveryStats(
        GetDeliveryStatsRequest.newBuilder().setName(Api.PARENT + "/deliveryStats").build());
  }
}
