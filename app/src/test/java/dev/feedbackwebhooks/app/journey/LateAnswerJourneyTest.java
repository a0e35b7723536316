package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.AttemptFailure;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.DeliveryState;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LateAnswerJourneyTest {
  @TempDir Path directory;

  @Test
  void whatWasTakenTooLateComesAgainUnderTheSameId() throws Exception {
    CountDownLatch cameAgain = new CountDownLatch(1);
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server =
            RunningServer.start(
                directory,
                endpoint,
                "--attempt-timeout=5s",
                "--connect-timeout=5s",
                Patience.retries())) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      AtomicInteger posts = new AtomicInteger();
      endpoint.answers(_ -> {
        if (posts.incrementAndGet() > 1) {
          cameAgain.countDown();
        }
        return Patience.until(cameAgain, 200);
      });
      String name = api.publish(Api.event("e-1").build()).getFirst().getDelivery();
      await().until(() -> get(api, name).getState() == DeliveryState.DELIVERY_STATE_DELIVERED);

      assertThat(get(api, name).getAttempts(0).getFailure())
          .isEqualTo(AttemptFailure.ATTEMPT_FAILURE_TIMEOUT);
      assertThat(endpoint.received()).hasSizeGreaterThanOrEqualTo(2);
      assertThat(endpoint.received())
          .extracting(Endpoint.Received::webhookId)
          .containsOnly(name.substring(name.lastIndexOf('/') + 1));
      assertThat(endpoint.received())
          .extracting(Endpoint.Received::body)
          .containsOnly(Api.SAMPLE_PAYLOAD);
    }
  }

  private static Delivery get(Api api, String name) {
    return api.deliveries.getDelivery(GetDeliveryRequest.newBuilder().setName(name).build());
  }
}
