package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.feedbackwebhooks.proto.v1.HeaderParameter;
import dev.feedbackwebhooks.proto.v1.JwtAlgorithm;
import dev.feedbackwebhooks.proto.v1.JwtAuthentication;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key that secrets are encrypted with is exchanged under a running server. */
class SecretKeyJourneyTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final String TENANT = "the-tenants-secret";

  @TempDir Path directory;

  private Path keyFile() {
    return directory.resolve("feedback.db.key");
  }

  @Test
  void deliveriesGoOnSignedWhileAndAfterTheKeyIsExchanged() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory)) {
      Path before = directory.resolve("before.key");
      try (RunningServer server = RunningServer.start(directory, endpoint)) {
        Files.copy(keyFile(), before);
        Api api = new Api(server);
        WebhookConfig created = api.setUp(config(endpoint.url("/one")));
        assertDelivers(api, endpoint, "e-1", "/one");

        assertThat(RunningServer.rotateSecretKey(directory, "--keep-old-keys"))
            .isEqualTo(said(keyFile(), 1, 0));
        assertDelivers(api, endpoint, "e-2", "/one");
        // Read anew from the row, which another process has encrypted, and written by its key.
        var _ = api.configs.updateWebhookConfig(moved(created, endpoint.url("/two")));
        assertDelivers(api, endpoint, "e-3", "/two");

        assertThat(RunningServer.rotateSecretKey(directory)).isEqualTo(said(keyFile(), 1, 2));
        var _ = api.configs.updateWebhookConfig(moved(created, endpoint.url("/three")));
        assertDelivers(api, endpoint, "e-4", "/three");
      }
      try (RunningServer server = RunningServer.start(directory, endpoint)) {
        assertDelivers(new Api(server), endpoint, "e-5", "/three");
      }
      assertThat(RunningServer.rotateSecretKey(directory))
          .as("offline")
          .isEqualTo(said(keyFile(), 1, 1));
      try (RunningServer server = RunningServer.start(directory, endpoint)) {
        assertDelivers(new Api(server), endpoint, "e-6", "/three");
      }
      Files.copy(before, keyFile(), StandardCopyOption.REPLACE_EXISTING);
      assertThat(RunningServer.refusedStart(directory, endpoint))
          .startsWith("1 ")
          .contains("is not the one", "restore that one", "--secret-key-file");
      Files.delete(keyFile());
      assertThat(RunningServer.refusedStart(directory, endpoint))
          .startsWith("1 ")
          .contains("is missing", "restore it", "--secret-key-file");
    }
  }

  private static String said(Path keyFile, int configurations, int removed) {
    return "0 rotated %s: 1 key added, secrets of %d configurations encrypted anew, %d old keys removed\n"
        .formatted(keyFile, configurations, removed);
  }

  private static WebhookConfig.Builder config(String url) {
    return Api.config(url)
        .addHeaderParameters(
            HeaderParameter.newBuilder().setName("X-Tenant").setValue(TENANT).setSensitive(true))
        .setJwt(
            JwtAuthentication.newBuilder()
                .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS256)
                .setSecret(ByteString.copyFromUtf8(KEY)));
  }

  /** The same configuration at another URL, with its secrets kept. */
  private static UpdateWebhookConfigRequest moved(WebhookConfig created, String url) {
    return UpdateWebhookConfigRequest.newBuilder()
        .setWebhookConfig(WebhookConfig.newBuilder().setName(created.getName()).setUrl(url))
        .build();
  }

  private static void assertDelivers(Api api, Endpoint endpoint, String eventId, String path)
      throws Exception {
    int before = endpoint.received().size();
    var _ = api.publish(Api.event(eventId).build());
    await().until(() -> endpoint.received().size() > before);
    Endpoint.Received post = endpoint.received().getLast();
    assertThat(post.path()).isEqualTo(path);
    assertThat(post.tenant()).isEqualTo(TENANT);
    String authorization = Objects.requireNonNull(post.authorization());
    assertThat(SignedJWT.parse(authorization.substring(7)).verify(new MACVerifier(KEY))).isTrue();
  }
}
