package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.AttemptFailure;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.DeliveryState;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
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
                "--attempt-timeout=1s",
                "--connect-timeout=1s",
                "--retry-schedule=10ms,10ms,10ms")) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      endpoint.answers(post -> {
        if (post.attempt() == 1) {
          await(cameAgain);
        } else {
          cameAgain.countDown();
        }
        return 200;
      });
      String name = api.publish(Api.event("e-1").build()).getFirst().getDelivery();
      Awaitility.await()
          .until(() -> get(api, name).getState() == DeliveryState.DELIVERY_STATE_DELIVERED);

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

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Delivery get(Api api, String name) {
    return api.deliveries.getDelivery(GetDeliveryRequest.newBuilder().setName(name).build());
  }
}
