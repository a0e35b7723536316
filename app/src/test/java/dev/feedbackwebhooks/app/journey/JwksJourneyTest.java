package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Timestamps;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.feedbackwebhooks.proto.v1.FeedbackStatus;
import dev.feedbackwebhooks.proto.v1.JwtAlgorithm;
import dev.feedbackwebhooks.proto.v1.JwtAuthentication;
import dev.feedbackwebhooks.proto.v1.SendTestFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens are verified by what the operators' port publishes, also while keys are exchanged. */
@NullUnmarked
class JwksJourneyTest {
  private static final String PATH = "/jwks/myImsOrg/prod";

  @TempDir Path directory;
  private Endpoint endpoint;
  private RunningServer server;
  private Api api;

  @Test
  void receiversVerifyTokensByThePublishedKeysAlsoWhileTheyAreExchanged() throws Exception {
    try (Endpoint open = Endpoint.start(directory)) {
      endpoint = open;
      start();
      assertThat(ids()).as("there is no configuration").isEmpty();
      var _ = api.create(Api.config(open.url("/")).setJwt(ecKey("a")).build());
      assertThat(ids()).containsExactly("a");
      verify("a");

      Instant later = Instant.now().plus(Duration.ofHours(1));
      JwtAuthentication pending =
          update(edKey("b").setSignFrom(Timestamps.fromMillis(later.toEpochMilli())));
      assertThat(pending.getKeyId()).isEqualTo("b");
      assertThat(pending.getPreviousKey().getKeyId()).isEqualTo("a");
      assertThat(pending.getPreviousKey().getAlgorithm())
          .isEqualTo(JwtAlgorithm.JWT_ALGORITHM_ES256);
      assertThat(pending.getPreviousKey().getSignUntilTime()).isEqualTo(pending.getSignFrom());
      assertThat(ids()).containsExactly("b", "a");
      verify("a");

      server.close();
      start();
      verify("a");
      JwtAuthentication exchanged =
          update(pending.toBuilder().setSignFrom(Timestamps.fromMillis(0)).setBodySha256(true));
      assertThat(Timestamps.toMillis(exchanged.getPreviousKey().getExpireTime()))
          .isBetween(
              Instant.now().plus(Duration.ofHours(23)).toEpochMilli(),
              Instant.now().plus(Duration.ofHours(24)).toEpochMilli());
      assertThat(ids()).containsExactly("b", "a");
      verify("b");

      var _ =
          update(
              JwtAuthentication.newBuilder()
                  .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS256)
                  .setSecret(ByteString.copyFromUtf8("s".repeat(32)))
                  .setKeyId("c"));
      assertThat(ids()).as("what both sides know is not published").containsExactly("b");
      assertThat(get("/jwks/" + "x".repeat(129) + "/prod").body()).contains("\"keys\":[]");
      assertThat(get("/jwks/myImsOrg").statusCode()).isEqualTo(404);
      assertThat(get("/jwks/myImsOrg/prod/").statusCode()).isEqualTo(404);
      server.close();
    }
  }

  private void start() {
    server = RunningServer.start(directory, endpoint);
    api = new Api(server);
  }

  private void verify(String keyId) throws Exception {
    Endpoint.Received post = post();
    JWKSet set = published();
    String token = post.headers().get("authorization").getFirst().replace("Bearer ", "");
    SignedJWT jwt = SignedJWT.parse(token);
    assertThat(jwt.getHeader().getKeyID()).isEqualTo(keyId);
    JWK key = set.getKeyByKeyId(keyId);
    JWSVerifier verifier =
        key instanceof ECKey ec ? new ECDSAVerifier(ec) : new Ed25519Verifier(key.toOctetKeyPair());
    assertThat(jwt.verify(verifier)).isTrue();
    if (keyId.equals("b")) {
      assertThat(jwt.getJWTClaimsSet().getStringClaim("body_sha256"))
          .isEqualTo(Hashing.sha256().hashString(post.body(), StandardCharsets.UTF_8).toString());
    }
    Npm.verify(
        directory,
        Map.of("jwks", set.toJSONObject(true), "options", Map.of("audience", "receivers")),
        post);
  }

  private Endpoint.Received post() {
    var _ =
        api.configs.sendTestFeedback(
            SendTestFeedbackRequest.newBuilder()
                .setName(Api.CONFIG)
                .setStatus(FeedbackStatus.FEEDBACK_STATUS_DELIVERED)
                .build());
    return endpoint.received().getLast();
  }

  private JwtAuthentication update(JwtAuthentication.Builder jwt) {
    return api.configs
        .updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(WebhookConfig.newBuilder().setName(Api.CONFIG).setJwt(jwt))
                .setUpdateMask(FieldMask.newBuilder().addPaths("jwt"))
                .build())
        .getJwt();
  }

  private static JwtAuthentication.Builder ecKey(String id) {
    return JwtAuthentication.newBuilder()
        .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_ES256)
        .setPrivateKeyPem(Keys.privatePem("EC", 256))
        .setAudience("receivers")
        .setKeyId(id);
  }

  private static JwtAuthentication.Builder edKey(String id) {
    return ecKey(id)
        .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_EDDSA)
        .setPrivateKeyPem(Keys.privatePem("Ed25519", 255));
  }

  private List<String> ids() throws Exception {
    return published().getKeys().stream().map(JWK::getKeyID).toList();
  }

  private JWKSet published() throws Exception {
    HttpResponse<String> answer = get(PATH);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/jwk-set+json");
    JWKSet set = JWKSet.parse(answer.body());
    assertThat(set.getKeys()).noneMatch(JWK::isPrivate);
    return set;
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(server.ops() + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
