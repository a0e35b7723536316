package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.DeliveryState;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of attempts that end while PostgreSQL is away, or refuses what came of one. */
@NullUnmarked
class StoreAwayJourneyTest {
  private static final int EVENTS = Integer.getInteger("away.events", 300);

  /** As many as may be in flight to one endpoint. */
  private static final int EVENTS_OF_SANDBOX = 1_000;

  /** How long the database is away at least, for whoever measures. */
  private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("away.seconds", 0));

  @TempDir Path directory;
  private String database;

  @BeforeEach
  void create() {
    database = Postgres.database();
  }

  private RunningServer start(Endpoint endpoint) {
    return RunningServer.start(
        directory,
        endpoint,
        "--database=" + database,
        "--secret-key-file=" + directory.resolve("secret.key"),
        "--endpoint-in-flight=" + Math.min(EVENTS, EVENTS_OF_SANDBOX),
        "--total-in-flight=" + 4 * EVENTS,
        "--attempt-timeout=170s",
        "--lease=200s",
        Patience.retries("200ms"));
  }

  @Test
  void whatEndedWhileTheDatabaseWasAwayIsSettledInListsAndNothingIsSentTwice(TestReporter reporter)
      throws Exception {
    CountDownLatch away = new CountDownLatch(1);
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = start(endpoint)) {
      endpoint.answers(post -> Patience.until(away, isBusyAtFirst(post) ? 503 : 204));
      Api api = new Api(server);
      for (int from = 0; from < EVENTS; from += EVENTS_OF_SANDBOX) {
        setUp(api, endpoint, event(from).getSandbox().getName());
      }
      EventStream stream = new EventStream(api);
      IntStream.range(0, EVENTS).forEach(i -> stream.send(event(i)));
      List<String> deliveries = stream.end().stream().map(FeedbackResult::getDelivery).toList();

      await().until(() -> endpoint.webhookIds().size() == EVENTS);
      long cut = System.nanoTime();
      Postgres.reachable(database, false);
      away.countDown();
      await().until(() -> value(server, "feedback_webhooks_unsettled") == EVENTS);
      assertThat(server.get("/readyz")).startsWith("not ready: the store cannot write");
      double commits = value(server, "feedback_webhooks_store_commits_seconds_count");
      await().until(() -> since(cut).compareTo(AWAY) >= 0);
      Postgres.reachable(database, true);
      long back = System.nanoTime();
      await().until(() -> value(server, "feedback_webhooks_unsettled") == 0);
      reporter.publishEntry("settled", EVENTS + " " + since(back) + " after its return");

      assertThat(value(server, "feedback_webhooks_store_commits_seconds_count") - commits)
          .as("commits")
          .isLessThan(EVENTS / 2.0);
      await()
          .until(() ->
              deliveries.stream()
                  .map(name -> delivery(api, name).getState())
                  .allMatch(DeliveryState.DELIVERY_STATE_DELIVERED::equals));
      Map<String, Set<Integer>> attempts = new HashMap<>();
      for (Endpoint.Received post : endpoint.received()) {
        assertThat(
                attempts
                    .computeIfAbsent(post.webhookId(), _ -> new HashSet<>())
                    .add(post.attempt()))
            .as("an attempt is made once")
            .isTrue();
      }
      assertThat(attempts.values().stream().mapToInt(Set::size).sum())
          .as("those that were answered 503 are sent again, and no other")
          .isEqualTo(EVENTS + busy(endpoint));
      await().until(() -> server.get("/readyz").equals("ready\n"));
      assertThat(server.log())
          .contains(
              "the store takes nothing of what attempts came to",
              "the store takes again what attempts came to");
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private static FeedbackEvent event(int number) {
    FeedbackEvent.Builder event = Api.event("e-" + number);
    event.getSandboxBuilder().setName("prod" + number / EVENTS_OF_SANDBOX);
    return event.build();
  }

  private static void setUp(Api api, Endpoint endpoint, String sandbox) {
    String parent = Api.PARENT.replace("prod", sandbox);
    var _ =
        api.configs.createWebhookConfig(
            CreateWebhookConfigRequest.newBuilder()
                .setParent(parent)
                .setWebhookConfig(Api.config(endpoint.url("/")))
                .build());
    var _ =
        api.campaigns.updateCampaign(
            UpdateCampaignRequest.newBuilder()
                .setCampaign(
                    Campaign.newBuilder()
                        .setName(Api.CAMPAIGN.replace("prod", sandbox))
                        .setWebhooksEnabled(true))
                .build());
  }

  private static boolean isBusyAtFirst(Endpoint.Received post) {
    return post.attempt() == 1 && post.webhookId().hashCode() % 10 == 0;
  }

  private static long busy(Endpoint endpoint) {
    return endpoint.received().stream().filter(StoreAwayJourneyTest::isBusyAtFirst).count();
  }

  @Test
  void anAttemptThatTheDatabaseRefusesHoldsUpNobodyAndItsDeliveryEnds() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = start(endpoint)) {
      Postgres.run(
          database, "ALTER TABLE attempt ADD CONSTRAINT c CHECK (http_status <> 418) NOT VALID");
      AtomicReference<String> first = new AtomicReference<>("");
      endpoint.answers(post -> {
        first.compareAndSet("", post.webhookId());
        return post.webhookId().equals(first.get()) ? 418 : 204;
      });
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      List<FeedbackResult> results =
          api.publish(
              IntStream.range(0, 50)
                  .mapToObj(i -> Api.event("e-" + i).build())
                  .toArray(FeedbackEvent[]::new));
      await().until(() -> value(server, "feedback_webhooks_settlements_refused_total") == 1);
      assertThat(server.get("/readyz")).isEqualTo("ready\n");
      await()
          .until(() ->
              results.stream()
                  .map(result -> delivery(api, result.getDelivery()))
                  .noneMatch(one ->
                      one.getState() == DeliveryState.DELIVERY_STATE_WAITING
                          || one.getState() == DeliveryState.DELIVERY_STATE_CLAIMED));
      List<Delivery> ended =
          results.stream()
              .map(result -> delivery(api, result.getDelivery()))
              .filter(one -> one.getState() != DeliveryState.DELIVERY_STATE_DELIVERED)
              .toList();
      assertThat(ended).hasSize(1);
      assertThat(ended.getFirst().getState()).isEqualTo(DeliveryState.DELIVERY_STATE_EXHAUSTED);
      assertThat(ended.getFirst().getStateReason()).contains("the database refused");
      assertThat(endpoint.received()).as("each once").hasSize(50);
    }
  }

  @Test
  void streamsWhoseDatabaseIsCutOffAgainAndAgainAreAnsweredUnavailable() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = start(endpoint)) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      for (int cut = 0; cut < 25; cut++) {
        EventStream stream = new EventStream(api);
        for (int i = 0; i < 200 && !stream.isOver(); i++) {
          // Each is of a sandbox or a campaign that is looked up in the database.
          stream.send(looksUp(cut, i));
          if (i == 50) {
            Postgres.cutOff(database);
          }
        }
        try {
          var _ = stream.end();
        } catch (Exception _) {
          assertThat(stream.refusal().code()).isEqualTo(Status.Code.UNAVAILABLE);
        }
      }
    }
  }

  /** Each counts as 16 MB while it is taken in, which may be 72 together. */
  @Test
  void whatIsPublishedInVainWhileTheDatabaseIsAwayTakesNoRoomAfterwards() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = start(endpoint)) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      FeedbackEvent.Builder large = Api.event("e");
      large
          .getMessageDeliveryFeedbackBuilder()
          .getMessageFailureBuilder()
          .setReason("x".repeat(3_300));
      FeedbackEvent[] many =
          IntStream.range(0, 1_000)
              .mapToObj(i -> large.setEventId("e-" + i).build())
              .toArray(FeedbackEvent[]::new);
      Postgres.reachable(database, false);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        // Together they hold less than the limit, one after the other more than it.
        for (int pair = 0; pair < 3; pair++) {
          List<Future<Refusal>> refusals =
              Stream.generate(() -> threads.submit(() -> Refusal.of(() -> api.publish(many))))
                  .limit(2)
                  .toList();
          for (Future<Refusal> refusal : refusals) {
            assertThat(refusal.get().code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(refusal.get().reason()).as("pair %s", pair).isEqualTo("STORE_UNAVAILABLE");
          }
        }
      }
      Postgres.reachable(database, true);
      await()
          .ignoreExceptionsMatching(
              failure -> Status.fromThrowable(failure).getCode() == Status.Code.UNAVAILABLE)
          .until(() -> api.publish(many).size() == many.length);
      EventStream stream = new EventStream(api);
      stream.send(Api.event("last").build());
      assertThat(stream.end()).hasSize(1);
    }
  }

  private static FeedbackEvent looksUp(int cut, int i) {
    FeedbackEvent.Builder event = Api.event("c-" + cut + "-" + i);
    if (i % 2 == 0) {
      event.getSandboxBuilder().setName("s" + cut + "x" + i);
    } else {
      event.getMessageExecutionBuilder().setCampaignId("c" + cut + "x" + i);
    }
    return event.build();
  }

  private static Delivery delivery(Api api, String name) {
    return api.deliveries.getDelivery(GetDeliveryRequest.newBuilder().setName(name).build());
  }

  private static double value(RunningServer server, String metric) throws Exception {
    return server
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith(metric + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
        .findFirst()
        .orElse(0);
  }
}
