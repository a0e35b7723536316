package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.ListWebhookConfigsRequest;
import dev.feedbackwebhooks.proto.v1.Outcome;
import dev.feedbackwebhooks.proto.v1.PublishFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc.WebhookConfigServiceBlockingStub;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With --auth jwt, a call does what its token allows and no more. */
class AccessJourneyTest {
  private static final String AUDIENCE = "feedback-webhooks";

  @TempDir Path directory;

  private static final class Bearer extends CallCredentials {
    private final String token;

    Bearer(String token) {
      this.token = token;
    }

    @Override
    public void applyRequestMetadata(
        RequestInfo request, Executor executor, MetadataApplier applier) {
      Metadata headers = new Metadata();
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
      applier.apply(headers);
    }
  }

  @Test
  void aTokenDecidesWhatACallMayDo() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    ECKey stranger = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    Path jwks = directory.resolve("jwks.json");
    Files.writeString(jwks, new JWKSet(key.toPublicJWK()).toString());
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server =
            RunningServer.start(
                directory,
                endpoint,
                "--auth=jwt",
                "--auth-jwks=" + jwks,
                "--auth-audience=" + AUDIENCE)) {
      Api api = new Api(server);
      assertThat(refused(api.configs)).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(refused(with(api, "nonsense"))).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(refused(with(api, token(stranger, AUDIENCE, 60, "configs.read", "*"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(refused(with(api, token(key, "someone else", 60, "configs.read", "*"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(refused(with(api, token(key, AUDIENCE, -120, "configs.read", "*"))))
          .isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(refused(with(api, token(key, AUDIENCE, 60, "configs.write", "*"))))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(refused(with(api, token(key, AUDIENCE, 60, "configs.read", "other"))))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(refused(with(api, token(key, AUDIENCE, 60, "configs.read", "myImsOrg"))))
          .as("allowed, but there is none")
          .isEqualTo(Status.Code.NOT_FOUND);
      WebhookConfigServiceBlockingStub one =
          with(api, token(key, AUDIENCE, 60, "configs.read", "myImsOrg"));
      assertThat(refused(with(api, token(key, AUDIENCE, 60, "configs.read", "-"))))
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      ListWebhookConfigsRequest everywhere =
          ListWebhookConfigsRequest.newBuilder().setParent("organizations/-/sandboxes/-").build();
      assertThat(Refusal.of(() -> one.listWebhookConfigs(everywhere)).code())
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(
              HealthGrpc.newBlockingStub(server.channel())
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatusValue())
          .as("health needs no token")
          .isEqualTo(1);
      assertForeignEventsAreRejected(api, token(key, AUDIENCE, 60, "events.ingest", "other"));
      assertThat(server.log()).doesNotContain("eyJ");
    }
  }

  private static void assertForeignEventsAreRejected(Api api, String token) {
    List<FeedbackResult> results =
        api.ingest
            .withCallCredentials(new Bearer(token))
            .publishFeedback(
                PublishFeedbackRequest.newBuilder()
                    .addEvents(Api.event("e-1"))
                    .addEvents(Api.event("e-2").setImsOrg("other"))
                    .build())
            .getResultsList();
    assertThat(results)
        .extracting(FeedbackResult::getOutcome)
        .containsExactly(Outcome.OUTCOME_REJECTED, Outcome.OUTCOME_SKIPPED);
    assertThat(results.getFirst().getViolations(0).getField()).isEqualTo("ims_org");
  }

  private static WebhookConfigServiceBlockingStub with(Api api, String token) {
    return api.configs.withCallCredentials(new Bearer(token));
  }

  private static Status.Code refused(WebhookConfigServiceBlockingStub configs) {
    return Refusal.of(() ->
            configs.getWebhookConfig(
                GetWebhookConfigRequest.newBuilder().setName(Api.CONFIG).build()))
        .code();
  }

  private static String token(
      ECKey key, String audience, int seconds, String scope, String organization) throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID("k")
                .type(new JOSEObjectType("at+jwt"))
                .build(),
            new JWTClaimsSet.Builder()
                .subject("test")
                .audience(audience)
                .expirationTime(Date.from(Instant.now().plusSeconds(seconds)))
                .claim("scope", "openid " + scope)
                .claim("organizations", List.of(organization))
                .build());
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }
}
