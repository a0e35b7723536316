package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.DeliveryState;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy is made under a running server, and another server goes on from it. */
class BackupJourneyTest {
  @TempDir Path directory;

  @Test
  void whatWasCopiedUnderARunningServerIsThereAgainAfterARestore() throws Exception {
    Path copy = directory.resolve("copy.db");
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    String waiting;
    WebhookConfig config;
    try (Endpoint endpoint = Endpoint.start(directory)) {
      try (RunningServer server = RunningServer.start(directory, endpoint, Patience.retries())) {
        Api api = new Api(server);
        config = api.setUp(Api.config(endpoint.url("/hook")));
        endpoint.answers(503);
        waiting = api.publish(Api.event("e-waits").build()).getFirst().getDelivery();
        await().until(() -> read(api, waiting).getAttemptCount() >= 1);

        assertThat(backup(copy))
            .startsWith("0 backed up")
            .contains("1 configurations, 1 deliveries")
            .endsWith("checked\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
            .isEqualTo("rw-------");
        assertThat(backup(copy)).startsWith("1 ").contains("exists", "nothing is overwritten");
        var _ = api.publish(Api.event("e-after").build());

        assertThat(restore(copy, directory)).startsWith("1 ").contains("in use", "stop that one");
      }
      assertThat(restore(copy, directory)).startsWith("1 ").contains("move it away");
      assertThat(restore(copy, elsewhere)).startsWith("1 ").contains("is missing", "restore it");
      Files.copy(directory.resolve("feedback.db.key"), elsewhere.resolve("feedback.db.key"));
      assertThat(restore(damaged(copy), elsewhere)).startsWith("1 ").contains("is damaged");
      assertThat(restore(copy, elsewhere)).startsWith("0 restored").contains("1 deliveries");

      endpoint.answers(204);
      try (RunningServer server = RunningServer.start(elsewhere, endpoint, Patience.retries())) {
        Api api = new Api(server);
        assertThat(
                api
                    .configs
                    .getWebhookConfig(
                        GetWebhookConfigRequest.newBuilder().setName(config.getName()).build())
                    .toBuilder()
                    .clearHealth()
                    .build())
            .isEqualTo(config.toBuilder().clearHealth().build());
        await()
            .until(() -> read(api, waiting).getState() == DeliveryState.DELIVERY_STATE_DELIVERED);
        assertThat(api.publish(Api.event("e-waits").build()).getFirst().getDelivery())
            .as("known to be a duplicate")
            .isEqualTo(waiting);
      }
    }
  }

  private static Delivery read(Api api, String name) {
    return api.deliveries.getDelivery(GetDeliveryRequest.newBuilder().setName(name).build());
  }

  private String backup(Path to) throws Exception {
    return RunningServer.offline(directory, "backup", "--to=" + to);
  }

  private static String restore(Path from, Path to) throws Exception {
    return RunningServer.offline(to, "restore", "--from=" + from);
  }

  private Path damaged(Path copy) throws Exception {
    byte[] bytes = Files.readAllBytes(copy);
    Arrays.fill(bytes, 4096, 8192, (byte) 7);
    return Files.write(directory.resolve("damaged.db"), bytes);
  }
}
