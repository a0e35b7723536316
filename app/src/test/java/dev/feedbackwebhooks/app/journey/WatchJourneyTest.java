package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static dev.feedbackwebhooks.proto.v1.DeliveryState.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.RetryDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody looks on as deliveries change. */
@NullUnmarked
class WatchJourneyTest {
  private static final int MOST_WATCHES = 8;

  @TempDir Path directory;
  private Endpoint endpoint;
  private RunningServer server;
  private Api api;

  /** A call that is watched, and ended at the end of a block. */
  private final class Watch implements AutoCloseable {
    private final Context.CancellableContext context = Context.current().withCancellation();
    private final Iterator<WatchDeliveriesResponse> told;
    private String cursor;

    Watch(String filter, String cursor) {
      WatchDeliveriesRequest request =
          WatchDeliveriesRequest.newBuilder()
              .setParent(Api.PARENT)
              .setFilter(filter)
              .setCursor(cursor)
              .build();
      Context before = context.attach();
      try {
        told = api.deliveries.watchDeliveries(request);
      } finally {
        context.detach(before);
      }
      WatchDeliveriesResponse first = told.next();
      assertThat(first.hasDelivery()).isFalse();
      this.cursor = first.getCursor();
    }

    Delivery next() {
      WatchDeliveriesResponse response = told.next();
      while (!response.hasDelivery()) {
        response = told.next();
      }
      cursor = response.getCursor();
      return response.getDelivery();
    }

    /** The first from here on that is so. */
    Delivery until(String eventId, Enum<?> state) {
      Delivery delivery = next();
      while (!delivery.getEventId().equals(eventId) || delivery.getState() != state) {
        delivery = next();
      }
      return delivery;
    }

    @Override
    public void close() {
      var _ = context.cancel(null);
    }
  }

  @BeforeEach
  void open() throws Exception {
    endpoint = Endpoint.start(directory);
    start();
    var _ = api.setUp(Api.config(endpoint.url("/")));
  }

  private void start() {
    server = RunningServer.start(directory, endpoint, "--retry-schedule=10ms,10ms");
    api = new Api(server);
  }

  @AfterEach
  void close() {
    server.close();
    endpoint.close();
  }

  @Test
  void eachStepIsToldFromAcceptanceToItsEnd() {
    var _ = publish("before");
    try (Watch watch = new Watch("", "")) {
      endpoint.answers(503);
      String name = publish("e-1");
      Delivery first = watch.next();
      while (first.getEventId().equals("before")) {
        first = watch.next();
      }
      assertThat(first.getName()).isEqualTo(name);
      assertThat(first.getExecutionId()).isEqualTo("HUMA-26362805");
      assertThat(first.getAttemptsList()).isEmpty();
      Delivery last = watch.until("e-1", DELIVERY_STATE_EXHAUSTED);
      assertThat(last.getAttemptCount()).isEqualTo(3);

      endpoint.answers(200);
      var _ = api.deliveries.retryDelivery(RetryDeliveryRequest.newBuilder().setName(name).build());
      assertThat(watch.until("e-1", DELIVERY_STATE_DELIVERED).getAttemptCount()).isEqualTo(4);

      var _ =
          api.deliveries.replayDeliveries(
              ReplayDeliveriesRequest.newBuilder()
                  .setParent(Api.PARENT)
                  .setFilter(
                      "create_time >= 2020-01-01T00:00:00Z AND create_time < 2222-01-01T00:00:00Z")
                  .build());
      assertThat(watch.until("e-1", DELIVERY_STATE_DELIVERED).getAttemptCount()).isEqualTo(5);
    }
  }

  @Test
  void aCursorGoesOnWhereItWasAlsoAfterARestart() {
    List<String> ids = IntStream.range(0, 50).mapToObj(i -> "e-" + i).toList();
    String cursor;
    try (Watch watch = new Watch("", "")) {
      cursor = watch.cursor;
    }
    FeedbackEvent[] events =
        ids.stream().map(id -> Api.event(id).build()).toArray(FeedbackEvent[]::new);
    assertThat(api.publish(events)).hasSize(50);
    await().until(() -> endpoint.received().size() == 50);
    List<String> seen = new ArrayList<>();
    try (Watch watch = new Watch("state = DELIVERED", cursor)) {
      while (seen.size() < 20) {
        seen.add(watch.next().getEventId());
      }
      cursor = watch.cursor;
    }
    server.close();
    start();
    try (Watch watch = new Watch("state = DELIVERED", cursor)) {
      while (!seen.containsAll(ids)) {
        seen.add(watch.next().getEventId());
      }
    }
  }

  @Test
  void onlyWhatTheFilterSaysIsTold() {
    try (Watch all = new Watch("", "");
        Watch watch = new Watch("request_id = \"other\" AND state = DELIVERED", "")) {
      var _ = publish("e-1");
      var _ = all.until("e-1", DELIVERY_STATE_DELIVERED);
      var _ = api.publish(Api.event("e-2").setRequestId("other").build());
      Delivery told = watch.next();
      assertThat(told.getEventId()).isEqualTo("e-2");
      assertThat(told.getState()).isEqualTo(DELIVERY_STATE_DELIVERED);
    }
  }

  @Test
  void whatItCannotBeIsRefusedInWords() {
    String elsewhere;
    try (Watch watch = new Watch("", "")) {
      elsewhere = watch.cursor;
    }
    assertThat(refusal("nonsense = 1", "").fields()).containsExactly("filter");
    assertThat(refusal("", "AAAA").reason()).isEqualTo("INVALID_CURSOR");
    assertThat(refusal("", "AAAA").fields()).containsExactly("cursor");
    assertThat(
            Refusal.of(
                    () -> {
                      Iterator<WatchDeliveriesResponse> told =
                          api.deliveries.watchDeliveries(
                              WatchDeliveriesRequest.newBuilder()
                                  .setParent("organizations/o/sandboxes/s")
                                  .setCursor(elsewhere)
                                  .build());
                      return told.next();
                    })
                .reason())
        .isEqualTo("INVALID_CURSOR");
    List<Watch> open = new ArrayList<>();
    assertThat(
            Refusal.of(
                    () -> {
                      while (open.size() <= MOST_WATCHES) {
                        open.add(new Watch("", ""));
                      }
                      return open;
                    })
                .reason())
        .isEqualTo("TOO_MANY_WATCHES");
    assertThat(open).as("the first of all may still have stood").hasSizeBetween(7, MOST_WATCHES);
    open.forEach(Watch::close);
    await().until(this::mayWatch);
  }

  private boolean mayWatch() {
    try (Watch watch = new Watch("", "")) {
      return !watch.cursor.isEmpty();
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      return false;
    }
  }

  private Refusal refusal(String filter, String cursor) {
    return Refusal.of(() -> new Watch(filter, cursor));
  }

  private String publish(String eventId) {
    return api.publish(Api.event(eventId).build()).getFirst().getDelivery();
  }
}
