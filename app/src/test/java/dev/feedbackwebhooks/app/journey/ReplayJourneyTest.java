package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static dev.feedbackwebhooks.proto.v1.DeliveryState.*;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.DeleteOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.ListOperationsResponse;
import com.google.longrunning.Operation;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import dev.feedbackwebhooks.proto.v1.Attempt;
import dev.feedbackwebhooks.proto.v1.AttemptResult;
import dev.feedbackwebhooks.proto.v1.AuditAction;
import dev.feedbackwebhooks.proto.v1.AuditRecord;
import dev.feedbackwebhooks.proto.v1.DeleteWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsRequest;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesMetadata;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesResponse;
import dev.feedbackwebhooks.proto.v1.ReplaySkipReason;
import dev.feedbackwebhooks.proto.v1.ReplayState;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries that are over, sent again by the many. */
@NullUnmarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayJourneyTest {
  private static final String EVER =
      "create_time >= 2020-01-01T00:00:00Z AND create_time < 2222-01-01T00:00:00Z";

  Path directory;
  private Endpoint endpoint;
  private RunningServer server;
  private Api api;
  private int organizations;

  @BeforeAll
  void start(@TempDir Path kept) throws Exception {
    directory = kept;
    start();
  }

  private void start() throws Exception {
    try (Endpoint any = Endpoint.start(directory)) {
      server = RunningServer.start(directory, any, settings("--retry-schedule=10ms,10ms,10ms"));
    }
  }

  @BeforeEach
  void open() throws Exception {
    endpoint = Endpoint.start(directory);
    organizations++;
    call();
    var _ = api.setUp(Api.config(endpoint.url("/")));
  }

  private void call() {
    api = new Api(server, "org-" + organizations);
  }

  @AfterEach
  void close() {
    endpoint.close();
  }

  @AfterAll
  void end() {
    server.close();
  }

  /** Settings of each server, for those who run it in another way. */
  String[] settings(String... settings) {
    return settings;
  }

  @Test
  void whatIsOverIsSentAgainWithTheSameIdAndBodyAndSaysSo() throws Exception {
    List<String> delivered = publish(3);
    await().until(() -> count("state = DELIVERED") == 3);
    endpoint.answers(404);
    String exhausted = publish(1).getFirst();
    await().until(() -> get(exhausted).getState() == DELIVERY_STATE_EXHAUSTED);
    List<Endpoint.Received> before = endpoint.received();
    endpoint.answers(200);

    Operation dry = api.deliveries.replayDeliveries(wish(EVER).setValidateOnly(true).build());
    assertThat(dry.getDone()).isTrue();
    assertThat(dry.getName()).isEmpty();
    assertThat(response(dry).getMatched()).isEqualTo(4);
    assertThat(response(dry).getReplayed()).isEqualTo(4);
    assertThat(list("").getOperationsList()).as("it changes nothing").isEmpty();
    assertThat(count("state = DELIVERED")).isEqualTo(3);

    Operation begun = api.deliveries.replayDeliveries(wish(EVER).build());
    assertThat(begun.getDone()).isFalse();
    assertThat(metadata(begun).getState()).isEqualTo(ReplayState.REPLAY_STATE_RUNNING);
    assertThat(metadata(begun).getMatched()).isEqualTo(4);
    assertThat(metadata(begun).getMaxPerSecond()).isEqualTo(100);
    Operation done = ended(begun.getName());
    assertThat(done.getDone()).isTrue();
    assertThat(response(done).getReplayed()).isEqualTo(4);
    assertThat(metadata(done).getState()).isEqualTo(ReplayState.REPLAY_STATE_SUCCEEDED);
    assertThat(metadata(done).hasEndTime()).isTrue();
    await().until(() -> count("state = DELIVERED") == 4);

    List<Endpoint.Received> again =
        endpoint.received().subList(before.size(), endpoint.received().size());
    assertThat(again)
        .extracting(ReplayJourneyTest::replay)
        .containsOnly(List.of(id(begun.getName())));
    assertThat(before).extracting(ReplayJourneyTest::replay).containsOnly(List.of());
    assertThat(bodies(again)).isEqualTo(bodies(before));
    Delivery twice = get(delivered.getFirst());
    assertThat(twice.getAttemptsList()).extracting(Attempt::getNumber).containsExactly(1, 2);
    assertThat(twice.getAttemptsList())
        .extracting(Attempt::getResult)
        .containsOnly(AttemptResult.ATTEMPT_RESULT_ACCEPTED);
    assertThat(again)
        .filteredOn(post -> post.webhookId().equals(id(exhausted)))
        .extracting(Endpoint.Received::attempt)
        .containsExactly(4);

    assertThat(list("").getOperationsList()).containsExactly(done);
    assertThat(list("done = false").getOperationsList()).isEmpty();
    assertThat(actions()).startsWith(AuditAction.AUDIT_ACTION_START_REPLAY);
    var _ =
        api.operations.deleteOperation(
            DeleteOperationRequest.newBuilder().setName(begun.getName()).build());
    assertThat(Refusal.of(() -> operation(begun.getName())).reason())
        .isEqualTo("OPERATION_NOT_FOUND");
    assertThat(actions()).startsWith(AuditAction.AUDIT_ACTION_DELETE_REPLAY);
  }

  /** One is so slow that each kill finds it in the middle; the other one comes to its end. */
  @Test
  void aKilledServerGoesOnWhereItStoppedAndSendsNoneTwice() throws Exception {
    publish("slow", 300);
    publish("fast", 60);
    await().until(() -> count("state = DELIVERED") == 360);
    int before = endpoint.received().size();
    String slow = begin("slow", 1);
    String fast = begin("fast", 10);
    for (int kill = 0; kill < 3; kill++) {
      long least = metadata(operation(slow)).getReplayed() + 3;
      // On a database that nodes share, the duty is the killed one's for some seconds more.
      await().until(() -> metadata(operation(slow)).getReplayed() >= least);
      server.kill();
      start();
      call();
      assertThat(metadata(operation(slow)).getReplayed()).isGreaterThanOrEqualTo(least);
      assertThat(operation(slow).getDone()).as("in the middle").isFalse();
    }
    assertThat(response(ended(fast)).getReplayed()).isEqualTo(60);
    cancel(slow);
    int stopped = (int) metadata(operation(slow)).getReplayed();
    assertThat(stopped).isBetween(9, 299);
    await().until(() -> count("state = DELIVERED") == 360);

    assertThat(attempts("fast").values()).as("each once more").hasSize(60).containsOnly(2);
    List<Integer> ofTheSlow = List.copyOf(attempts("slow").values());
    assertThat(ofTheSlow.subList(0, stopped)).as("none left out").containsOnly(2);
    assertThat(ofTheSlow.subList(stopped, 300)).as("and none beyond").containsOnly(1);
    List<Endpoint.Received> again = endpoint.received().subList(before, endpoint.received().size());
    assertThat(again)
        .extracting(Endpoint.Received::webhookId)
        .containsAll(attempts("fast").keySet());
    // What was on the wire as the server died may come twice, and is the same attempt then.
    assertThat(again).extracting(Endpoint.Received::attempt).containsOnly(2);
  }

  private void publish(String requestId, int count) {
    var _ =
        api.publish(
            IntStream.range(0, count)
                .mapToObj(i -> api.newEvent(requestId + i).setRequestId(requestId).build())
                .toArray(FeedbackEvent[]::new));
  }

  private String begin(String requestId, int perSecond) {
    return api.deliveries
        .replayDeliveries(wish(of(requestId)).setMaxPerSecond(perSecond).build())
        .getName();
  }

  private static String of(String requestId) {
    return EVER + " AND request_id = \"" + requestId + "\"";
  }

  /** Of each delivery, in the order in which they were accepted. */
  private SortedMap<String, Integer> attempts(String requestId) {
    return api
        .deliveries
        .listDeliveries(
            ListDeliveriesRequest.newBuilder()
                .setParent(api.parent())
                .setFilter(of(requestId))
                .setPageSize(1_000)
                .build())
        .getDeliveriesList()
        .stream()
        .collect(
            Collectors.toMap(
                each -> id(each.getName()),
                Delivery::getAttemptCount,
                (one, _) -> one,
                TreeMap::new));
  }

  @Test
  void aCancelledOneStopsAndOthersMayNotBeDeletedWhileTheyRun() throws Exception {
    // They would take five minutes.
    publish("slow", 300);
    await().until(() -> count("state = DELIVERED") == 300);
    String name = begin("slow", 1);
    await().until(() -> metadata(operation(name)).getReplayed() >= 2);
    for (long seconds : new long[] {0, 1, Long.MIN_VALUE}) {
      assertThat(waitFor(name, seconds).getDone()).isFalse();
    }
    assertThat(
            Refusal.of(() ->
                    api.operations.deleteOperation(
                        DeleteOperationRequest.newBuilder().setName(name).build()))
                .reason())
        .isEqualTo("REPLAY_RUNNING");
    cancel(name);
    Operation cancelled = operation(name);
    assertThat(cancelled.getDone()).isTrue();
    assertThat(cancelled.getError().getCode()).isEqualTo(Code.CANCELLED_VALUE);
    assertThat(metadata(cancelled).getState()).isEqualTo(ReplayState.REPLAY_STATE_CANCELLED);
    assertThat(metadata(cancelled).getReplayed()).isBetween(2L, 299L);
    assertThat(ended(name)).isEqualTo(cancelled);
    cancel(name);
    assertThat(actions())
        .startsWith(AuditAction.AUDIT_ACTION_CANCEL_REPLAY, AuditAction.AUDIT_ACTION_START_REPLAY);
    await().until(() -> endpoint.received().size() == 300 + metadata(cancelled).getReplayed());
    assertThat(operation(name)).isEqualTo(cancelled);
  }

  @Test
  void theSameRequestBeginsOneReplayAndAnotherWishUnderItsIdIsRefused() {
    ReplayDeliveriesRequest.Builder wish = wish(EVER).setRequestId("wish-1").setMaxPerSecond(1);
    String name = api.deliveries.replayDeliveries(wish.build()).getName();
    assertThat(api.deliveries.replayDeliveries(wish.build()).getName()).isEqualTo(name);
    Refusal other =
        Refusal.of(() -> api.deliveries.replayDeliveries(wish.clone().setMaxPerSecond(2).build()));
    assertThat(other.code()).isEqualTo(Status.Code.ALREADY_EXISTS);
    assertThat(other.reason()).isEqualTo("REQUEST_ID_TAKEN");
    assertThat(api.deliveries.replayDeliveries(wish(EVER).build()).getName()).isNotEqualTo(name);
    ListOperationsResponse first =
        api.operations.listOperations(
            ListOperationsRequest.newBuilder().setName(api.parent()).setPageSize(1).build());
    assertThat(first.getNextPageToken()).isNotEmpty();
    ListOperationsResponse second =
        api.operations.listOperations(
            ListOperationsRequest.newBuilder()
                .setName(api.parent())
                .setPageSize(1)
                .setPageToken(first.getNextPageToken())
                .build());
    assertThat(second.getOperations(0).getName()).isEqualTo(name);
    assertThat(second.getNextPageToken()).isEmpty();
  }

  @Test
  void onlySoManyRunAtATime() {
    publish("slow", 300);
    await().until(() -> count("state = DELIVERED") == 300);
    for (int i = 0; i < 3; i++) {
      assertThat(api.deliveries.replayDeliveries(wish(EVER).setMaxPerSecond(1).build()).getDone())
          .isFalse();
    }
    Refusal fourth = Refusal.of(() -> api.deliveries.replayDeliveries(wish(EVER).build()));
    assertThat(fourth.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(fourth.reason()).isEqualTo("TOO_MANY_REPLAYS");
  }

  @Test
  void withADisabledConfigurationTheyAreHeldAndWithoutOneNothingBegins() throws Exception {
    var _ = publish(2);
    await().until(() -> count("state = DELIVERED") == 2);
    enable(false);
    Operation done = ended(api.deliveries.replayDeliveries(wish(EVER).build()).getName());
    assertThat(response(done).getReplayed()).isEqualTo(2);
    // They are taken up for a moment, until the engine looks at their configuration.
    await().until(() -> count("state = HELD") == 2);
    assertThat(endpoint.received()).hasSize(2);
    Operation again = ended(api.deliveries.replayDeliveries(wish(EVER).build()).getName());
    assertThat(response(again).getSkipped()).isEqualTo(2);
    assertThat(response(again).getSkips(0).getReason())
        .isEqualTo(ReplaySkipReason.REPLAY_SKIP_REASON_NOT_OVER);
    enable(true);
    await().until(() -> count("state = DELIVERED") == 2);
    assertThat(endpoint.received()).hasSize(4);
    var _ =
        api.configs.deleteWebhookConfig(
            DeleteWebhookConfigRequest.newBuilder().setName(api.configName()).build());
    assertThat(Refusal.of(() -> api.deliveries.replayDeliveries(wish(EVER).build())).reason())
        .isEqualTo("CONFIG_REQUIRED");
  }

  @Test
  void whatItCannotBeIsRefusedInWords() {
    for (String filter :
        List.of(
            "",
            "create_time >= 2020-01-01T00:00:00Z",
            "create_time < 2222-01-01T00:00:00Z",
            "create_time >= 2030-01-01T00:00:00Z AND create_time < 2020-01-01T00:00:00Z",
            "create_time >= 2222-01-01T00:00:00Z AND create_time < 2223-01-01T00:00:00Z",
            EVER + " AND state = WAITING",
            EVER + " AND recipient = \"john.doe@luma.com\"",
            EVER + " AND nonsense = 1")) {
      Refusal refusal = Refusal.of(() -> api.deliveries.replayDeliveries(wish(filter).build()));
      assertThat(refusal.reason()).as(filter).isEqualTo("INVALID_FILTER");
      assertThat(refusal.fields()).containsExactly("filter");
    }
    Refusal numbers =
        Refusal.of(() ->
            api.deliveries.replayDeliveries(
                wish(EVER).setMaxPerSecond(10_001).setRequestId("x".repeat(129)).build()));
    assertThat(numbers.fields()).containsExactlyInAnyOrder("max_per_second", "request_id");
    assertThat(Refusal.of(() -> list("state = RUNNING")).reason()).isEqualTo("INVALID_FILTER");
    assertThat(Refusal.of(() -> operation("operations/1")).fields()).containsExactly("name");
    String absent = api.parent() + "/operations/0000000000001";
    for (Refusal refusal :
        List.of(
            Refusal.of(() -> operation(absent)),
            Refusal.of(() -> operation(api.parent() + "/operations/nope")),
            Refusal.of(() -> waitFor(absent, 1)),
            Refusal.of(() -> {
              cancel(absent);
              return 0;
            }),
            Refusal.of(() ->
                api.operations.deleteOperation(
                    DeleteOperationRequest.newBuilder().setName(absent).build())))) {
      assertThat(refusal.reason()).isEqualTo("OPERATION_NOT_FOUND");
    }
  }

  private List<String> publish(int count) {
    int first = endpoint.received().size();
    return api
        .publish(
            IntStream.range(0, count)
                .mapToObj(i -> api.newEvent("e-" + first + "-" + i).build())
                .toArray(FeedbackEvent[]::new))
        .stream()
        .map(FeedbackResult::getDelivery)
        .toList();
  }

  private ReplayDeliveriesRequest.Builder wish(String filter) {
    return ReplayDeliveriesRequest.newBuilder().setParent(api.parent()).setFilter(filter);
  }

  private Operation operation(String name) {
    return api.operations.getOperation(GetOperationRequest.newBuilder().setName(name).build());
  }

  private Operation waitFor(String name, long seconds) {
    return api.operations.waitOperation(
        WaitOperationRequest.newBuilder()
            .setName(name)
            .setTimeout(Duration.newBuilder().setSeconds(seconds))
            .build());
  }

  private Operation ended(String name) {
    return waitFor(name, Patience.LIMIT.toSeconds());
  }

  private void cancel(String name) {
    var _ =
        api.operations.cancelOperation(CancelOperationRequest.newBuilder().setName(name).build());
  }

  private ListOperationsResponse list(String filter) {
    return api.operations.listOperations(
        ListOperationsRequest.newBuilder().setName(api.parent()).setFilter(filter).build());
  }

  private static ReplayDeliveriesMetadata metadata(Operation operation)
      throws InvalidProtocolBufferException {
    return operation.getMetadata().unpack(ReplayDeliveriesMetadata.class);
  }

  private static ReplayDeliveriesResponse response(Operation operation)
      throws InvalidProtocolBufferException {
    return operation.getResponse().unpack(ReplayDeliveriesResponse.class);
  }

  private Delivery get(String name) {
    return api.deliveries.getDelivery(GetDeliveryRequest.newBuilder().setName(name).build());
  }

  private int count(String filter) {
    return api.deliveries
        .listDeliveries(
            ListDeliveriesRequest.newBuilder()
                .setParent(api.parent())
                .setFilter(filter)
                .setPageSize(1_000)
                .build())
        .getDeliveriesCount();
  }

  private List<AuditAction> actions() {
    return api
        .audit
        .listAuditRecords(ListAuditRecordsRequest.newBuilder().setParent(api.parent()).build())
        .getAuditRecordsList()
        .stream()
        .map(AuditRecord::getAction)
        .toList();
  }

  private void enable(boolean enabled) {
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(
                    WebhookConfig.newBuilder().setName(api.configName()).setEnabled(enabled))
                .build());
  }

  private static List<String> replay(Endpoint.Received post) {
    return post.headers().getOrDefault("webhook-replay", List.of());
  }

  private static Map<String, String> bodies(List<Endpoint.Received> posts) {
    return posts.stream()
        .collect(
            Collectors.toMap(
                Endpoint.Received::webhookId, Endpoint.Received::body, (one, _) -> one));
  }

  private static String id(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
