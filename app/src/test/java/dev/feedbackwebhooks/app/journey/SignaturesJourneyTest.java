package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Timestamps;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.feedbackwebhooks.proto.v1.FeedbackStatus;
import dev.feedbackwebhooks.proto.v1.SendTestFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.SigningScheme;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import dev.feedbackwebhooks.proto.v1.WebhookSigning;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures of POSTs, verified by what receivers verify them with. */
class SignaturesJourneyTest {
  private static final String FIRST = "whsec_" + base64("first-secret-of-32-bytes-00000000");
  private static final String SECOND = "whsec_" + base64("second-secret-of-32-bytes-0000000");

  /** The secret key of RFC 8032, 7.1, test 1, and its public key. */
  private static final byte[] SEED =
      HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

  private static final byte[] PUBLIC =
      HexFormat.of().parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

  @TempDir Path directory;

  @Test
  void receiversVerifyEachPostAlsoWhileSecretsAreExchanged() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      WebhookConfig config =
          api.create(Api.config(endpoint.url("/")).setSigning(signing(FIRST)).build());
      assertThat(config.getSigning().getSecret()).isEmpty();
      assertThat(config.getSigning().getScheme())
          .isEqualTo(SigningScheme.SIGNING_SCHEME_HMAC_SHA256);
      Endpoint.Received signed = post(api, endpoint);
      verify(FIRST, signed);
      assertThatThrownBy(() -> verify(SECOND, signed))
          .isInstanceOf(WebhookVerificationException.class);
      Npm.verify(directory, Map.of("secret", FIRST), signed);

      WebhookConfig exchanged = update(api, SECOND);
      assertThat(exchanged.getSigning().getPreviousKeyFingerprint())
          .isEqualTo(config.getSigning().getKeyFingerprint());
      assertThat(
              Duration.between(
                  Instant.now(),
                  Instant.ofEpochMilli(
                      Timestamps.toMillis(exchanged.getSigning().getPreviousExpireTime()))))
          .isBetween(Duration.ofHours(23), Duration.ofHours(24));
      Endpoint.Received both = post(api, endpoint);
      verify(FIRST, both);
      verify(SECOND, both);
      Npm.verify(directory, Map.of("secret", SECOND), both);
      assertThat(update(api, SECOND).getSigning())
          .as("the same again changes nothing")
          .isEqualTo(exchanged.getSigning());

      byte[] pair = new byte[64];
      System.arraycopy(SEED, 0, pair, 0, 32);
      System.arraycopy(PUBLIC, 0, pair, 32, 32);
      WebhookConfig asymmetric = update(api, "whsk_" + Base64.getEncoder().encodeToString(pair));
      assertThat(asymmetric.getSigning().getPublicKey())
          .isEqualTo("whpk_" + Base64.getEncoder().encodeToString(PUBLIC));
      assertThat(update(api, "whsk_" + Base64.getEncoder().encodeToString(SEED)).getSigning())
          .as("the seed alone is the same key")
          .isEqualTo(asymmetric.getSigning());
      Endpoint.Received ed25519 = post(api, endpoint);
      verifyEd25519(ed25519);
      verify(SECOND, ed25519);

      refuses(api, "whsec_" + base64("short"));
      refuses(api, "whsk_" + base64("no key of any kind"));
      refuses(api, "plain");
      var _ = clear(api);
      assertThat(post(api, endpoint).headers()).doesNotContainKey("webhook-signature");
    }
  }

  private static void verify(String secret, Endpoint.Received post)
      throws WebhookVerificationException {
    new Webhook(secret).verify(post.body(), post.headers());
  }

  /** By the JDK: the receivers' libraries know HMAC only. */
  private static void verifyEd25519(Endpoint.Received post) throws Exception {
    byte[] info = HexFormat.of().parseHex("302a300506032b6570032100");
    byte[] encoded = new byte[44];
    System.arraycopy(info, 0, encoded, 0, 12);
    System.arraycopy(PUBLIC, 0, encoded, 12, 32);
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    verifier.update(
        (post.webhookId() + "." + post.timestamp() + "." + post.body())
            .getBytes(StandardCharsets.UTF_8));
    String signature =
        post.headers()
            .getOrDefault("webhook-signature", List.of(""))
            .getFirst()
            .replaceFirst(" .*", "");
    assertThat(signature).startsWith("v1a,");
    assertThat(verifier.verify(Base64.getDecoder().decode(signature.substring(4)))).isTrue();
  }

  private static Endpoint.Received post(Api api, Endpoint endpoint) {
    var _ =
        api.configs.sendTestFeedback(
            SendTestFeedbackRequest.newBuilder()
                .setName(Api.CONFIG)
                .setStatus(FeedbackStatus.FEEDBACK_STATUS_DELIVERED)
                .build());
    return endpoint.received().getLast();
  }

  private static WebhookConfig update(Api api, String secret) {
    return api.configs.updateWebhookConfig(request(signing(secret)));
  }

  private static WebhookConfig clear(Api api) {
    return api.configs.updateWebhookConfig(
        UpdateWebhookConfigRequest.newBuilder()
            .setWebhookConfig(WebhookConfig.newBuilder().setName(Api.CONFIG))
            .setUpdateMask(FieldMask.newBuilder().addPaths("signing"))
            .build());
  }

  private static void refuses(Api api, String secret) {
    Refusal refusal = Refusal.of(() -> update(api, secret));
    assertThat(refusal.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.fields()).isEqualTo(List.of("webhook_config.signing.secret"));
    assertThat(refusal.status().toString()).doesNotContain(secret);
  }

  private static UpdateWebhookConfigRequest request(WebhookSigning signing) {
    return UpdateWebhookConfigRequest.newBuilder()
        .setWebhookConfig(WebhookConfig.newBuilder().setName(Api.CONFIG).setSigning(signing))
        .build();
  }

  private static WebhookSigning signing(String secret) {
    return WebhookSigning.newBuilder().setSecret(secret).build();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
