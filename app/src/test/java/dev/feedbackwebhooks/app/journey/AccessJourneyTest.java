package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.longrunning.OperationsGrpc;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.feedbackwebhooks.proto.v1.AuditServiceGrpc;
import dev.feedbackwebhooks.proto.v1.CampaignServiceGrpc;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackIngestServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.ListWebhookConfigsRequest;
import dev.feedbackwebhooks.proto.v1.Outcome;
import dev.feedbackwebhooks.proto.v1.PublishFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesResponse;
import dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.stub.ClientCalls;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** With --auth jwt, a call does what its token allows and no more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessJourneyTest {
  private static final String ALL =
      "configs.read configs.write campaigns.write events.write deliveries.read deliveries.write"
          + " audit.read";

  private Tokens issuer;
  private Endpoint endpoint;
  private RunningServer server;
  private Api api;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    issuer = new Tokens("k");
    Path jwks = directory.resolve("jwks.json");
    Files.writeString(jwks, new JWKSet(issuer.key().toPublicJWK()).toString());
    endpoint = Endpoint.start(directory);
    server =
        RunningServer.start(
            directory,
            endpoint,
            "--auth=jwt",
            "--auth-jwks=" + jwks,
            "--auth-issuer=" + Tokens.ISSUER,
            "--auth-audience=" + Tokens.AUDIENCE);
    api = new Api(server);
  }

  @AfterAll
  void end() {
    server.close();
    endpoint.close();
  }

  /** What reading a configuration that is not there comes to, with this token. */
  private Status.Code read(String token) {
    return Refusal.of(() ->
            api.configs
                .withCallCredentials(new Bearer(token))
                .getWebhookConfig(
                    GetWebhookConfigRequest.newBuilder()
                        .setName("organizations/one/sandboxes/prod/webhookConfig")
                        .build()))
        .code();
  }

  @Test
  void aGoodTokenIsTaken() throws Exception {
    assertThat(read(issuer.token("configs.read", "one"))).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(read(issuer.token("configs.read", "*"))).isEqualTo(Status.Code.NOT_FOUND);
    JWTClaimsSet.Builder late =
        Tokens.claims("configs.read", "one")
            .expirationTime(Date.from(Instant.now().minusSeconds(5)));
    assertThat(read(issuer.signed(late))).as("clocks differ").isEqualTo(Status.Code.NOT_FOUND);
    assertThat(
            HealthGrpc.newBlockingStub(server.channel())
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatusValue())
        .as("health needs no token")
        .isEqualTo(1);
  }

  @Test
  void aForgedTokenIsNotWhateverTheTrick() throws Exception {
    JWTClaimsSet.Builder good = Tokens.claims("configs.read", "one");
    Map<String, String> forged = new LinkedHashMap<>();
    forged.put("nonsense", "nonsense");
    forged.put("another's key", new Tokens("k").signed(good));
    forged.put("unknown key", new Tokens("other").signed(good));
    forged.put("alg none", new PlainJWT(good.build()).serialize());
    JWSHeader mac = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k").build();
    byte[] publicKey = issuer.key().toRSAPublicKey().getEncoded();
    forged.put("HS256 with the public key", Tokens.signed(mac, good, new MACSigner(publicKey)));
    byte[] json = issuer.key().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
    forged.put("HS256 with the key's JSON", Tokens.signed(mac, good, new MACSigner(json)));
    Tokens stranger = new Tokens("mine");
    forged.put(
        "key in the header", stranger.signed(good, h -> h.jwk(stranger.key().toPublicJWK())));
    forged.put("another type", issuer.signed(good, h -> h.type(new JOSEObjectType("id+jwt"))));
    forged.put(
        "algorithm that is not listed",
        issuer.signed(good, h -> {}).replaceFirst("^[^.]+", base64("{\"alg\":\"RS512\"}")));
    String honest = issuer.signed(good);
    forged.put("cut off", honest.substring(0, honest.lastIndexOf('.') + 1));
    forged.put("other audience", issuer.signed(Tokens.claims("configs.read").audience("other")));
    forged.put("no audience", issuer.signed(Tokens.claims("configs.read").audience(List.of())));
    forged.put("other issuer", issuer.signed(Tokens.claims("configs.read").issuer("https://x")));
    forged.put("no issuer", issuer.signed(Tokens.claims("configs.read").issuer(null)));
    forged.put("no subject", issuer.signed(Tokens.claims("configs.read").subject(null)));
    forged.put("no expiry", issuer.signed(Tokens.claims("configs.read").expirationTime(null)));
    Date past = Date.from(Instant.now().minusSeconds(120));
    forged.put("expired", issuer.signed(Tokens.claims("configs.read").expirationTime(past)));
    Date future = Date.from(Instant.now().plusSeconds(120));
    forged.put("not yet", issuer.signed(Tokens.claims("configs.read").notBeforeTime(future)));
    forged.put(
        "organizations that are no list",
        issuer.signed(Tokens.claims("configs.read").claim("organizations", "one")));
    forged.forEach(
        (trick, token) -> assertThat(read(token)).as(trick).isEqualTo(Status.Code.UNAUTHENTICATED));
    assertThat(server.log()).as("no token is logged").doesNotContain("eyJ");
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void reflectionNeedsATokenButNoScope() throws Exception {
    MethodDescriptor<?, ?> reflection =
        ServerReflectionGrpc.getServiceDescriptor().getMethods().iterator().next();
    assertThat(called(reflection, CallOptions.DEFAULT)).isEqualTo(Status.Code.UNAUTHENTICATED);
    Bearer any = new Bearer(issuer.token("openid"));
    assertThat(called(reflection, CallOptions.DEFAULT.withCallCredentials(any)))
        .isEqualTo(Status.Code.OK);
  }

  @Test
  void anOrganizationCannotTellWhatExistsInAnother() throws Exception {
    var _ =
        api.configs
            .withCallCredentials(new Bearer(issuer.token(ALL, "*")))
            .createWebhookConfig(
                CreateWebhookConfigRequest.newBuilder()
                    .setParent("organizations/there/sandboxes/prod")
                    .setWebhookConfig(Api.config(endpoint.url("/")))
                    .build());
    Bearer one = new Bearer(issuer.token(ALL, "one"));
    Refusal there = Refusal.of(() -> get(one, "organizations/there/sandboxes/prod/webhookConfig"));
    Refusal nowhere =
        Refusal.of(() -> get(one, "organizations/nowhere/sandboxes/prod/webhookConfig"));
    assertThat(there.code()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(there.status()).as("word for word").isEqualTo(nowhere.status());
    assertThat(Refusal.of(() -> list(one, "organizations/-/sandboxes/-")).code())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(list(one, "organizations/one/sandboxes/-")).isZero();
    assertThat(read(issuer.token("configs.read", "-"))).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(read(issuer.token("configs.read"))).isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  private Object get(Bearer token, String name) {
    return api.configs
        .withCallCredentials(token)
        .getWebhookConfig(GetWebhookConfigRequest.newBuilder().setName(name).build());
  }

  private Integer list(Bearer token, String parent) {
    return api.configs
        .withCallCredentials(token)
        .listWebhookConfigs(ListWebhookConfigsRequest.newBuilder().setParent(parent).build())
        .getWebhookConfigsCount();
  }

  @Test
  void aTokenForSandboxesHoldsInThoseOnly() throws Exception {
    JWTClaimsSet.Builder staging = Tokens.claims(ALL, "one").claim("sandboxes", List.of("staging"));
    Bearer token = new Bearer(issuer.signed(staging));
    assertThat(read(issuer.signed(staging))).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(
            Refusal.of(() -> get(token, "organizations/one/sandboxes/staging/webhookConfig"))
                .code())
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(Refusal.of(() -> list(token, "organizations/one/sandboxes/-")).code())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(read(issuer.signed(staging.claim("sandboxes", List.of("*")))))
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(read(issuer.signed(staging.claim("sandboxes", List.of()))))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
  }

  @Test
  void eventsForElsewhereAreRejectedAndTheOthersTaken() throws Exception {
    JWTClaimsSet.Builder claims =
        Tokens.claims("events.write", "one").claim("sandboxes", List.of("prod"));
    var elsewhere = Api.event("e-3").setImsOrg("one");
    elsewhere.getSandboxBuilder().setName("staging");
    List<FeedbackResult> results =
        api.ingest
            .withCallCredentials(new Bearer(issuer.signed(claims)))
            .publishFeedback(
                PublishFeedbackRequest.newBuilder()
                    .addEvents(Api.event("e-1"))
                    .addEvents(Api.event("e-2").setImsOrg("one"))
                    .addEvents(elsewhere)
                    .build())
            .getResultsList();
    assertThat(results)
        .extracting(FeedbackResult::getOutcome)
        .containsExactly(
            Outcome.OUTCOME_REJECTED, Outcome.OUTCOME_SKIPPED, Outcome.OUTCOME_REJECTED);
    assertThat(results.getFirst().getViolations(0).getField()).isEqualTo("ims_org");
    assertThat(results.getLast().getViolations(0).getField()).isEqualTo("sandbox.name");
  }

  /** A token is good for 30 s past its expiry, since clocks differ: this one for so long. */
  private static Date expiryIn(int seconds) {
    return Date.from(Instant.now().minusSeconds(30 - seconds));
  }

  /** The same as below, of a call whose caller says nothing more. */
  @Test
  void aTokenThatExpiresEndsAWatch() throws Exception {
    JWTClaimsSet.Builder claims =
        Tokens.claims("deliveries.read", "one").expirationTime(expiryIn(8));
    Iterator<WatchDeliveriesResponse> told =
        api.as(new Bearer(issuer.signed(claims)))
            .deliveries
            .watchDeliveries(
                WatchDeliveriesRequest.newBuilder()
                    .setParent("organizations/one/sandboxes/prod")
                    .build());
    assertThat(told.next().getCursor()).isNotEmpty();
    Refusal refusal = Refusal.of(told::next);
    assertThat(refusal.code()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(refusal.status().getMessage()).contains("expired");
  }

  @Test
  void aTokenThatExpiresInMidStreamEndsTheStreamAtItsNextMessage() throws Exception {
    JWTClaimsSet.Builder claims = Tokens.claims("events.write", "one").expirationTime(expiryIn(8));
    EventStream stream = new EventStream(api.as(new Bearer(issuer.signed(claims))));
    stream.send(Api.event("e-0").setImsOrg("one").build());
    await().until(() -> stream.results().size() == 1);
    assertThat(stream.isOver()).isFalse();
    await()
        .until(() -> {
          stream.send(Api.event("e-1").setImsOrg("one").build());
          return stream.isOver();
        });
    Refusal refusal = stream.refusal();
    assertThat(refusal.code()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(refusal.status().getMessage()).contains("expired");
  }

  @Test
  void everyCallNeedsATokenAndItsOwnScope() throws Exception {
    String none = issuer.token("openid", "*");
    Map<String, String> scopes =
        Map.ofEntries(
            Map.entry("CreateWebhookConfig", "configs.write"),
            Map.entry("GetWebhookConfig", "configs.read"),
            Map.entry("ListWebhookConfigs", "configs.read"),
            Map.entry("UpdateWebhookConfig", "configs.write"),
            Map.entry("DeleteWebhookConfig", "configs.write"),
            Map.entry("GetCampaign", "configs.read"),
            Map.entry("ListCampaigns", "configs.read"),
            Map.entry("UpdateCampaign", "campaigns.write"),
            Map.entry("StreamFeedback", "events.write"),
            Map.entry("PublishFeedback", "events.write"),
            Map.entry("GetDelivery", "deliveries.read"),
            Map.entry("ListDeliveries", "deliveries.read"),
            Map.entry("RetryDelivery", "deliveries.write"),
            Map.entry("SendTestFeedback", "configs.write"),
            Map.entry("WatchDeliveries", "deliveries.read"),
            Map.entry("GetDeliveryStats", "deliveries.read"),
            Map.entry("ReplayDeliveries", "deliveries.write"),
            Map.entry("GetOperation", "deliveries.read"),
            Map.entry("ListOperations", "deliveries.read"),
            Map.entry("WaitOperation", "deliveries.read"),
            Map.entry("CancelOperation", "deliveries.write"),
            Map.entry("DeleteOperation", "deliveries.write"),
            Map.entry("GetAuditRecord", "audit.read"),
            Map.entry("ListAuditRecords", "audit.read"));
    for (ServiceDescriptor service :
        List.of(
            WebhookConfigServiceGrpc.getServiceDescriptor(),
            CampaignServiceGrpc.getServiceDescriptor(),
            DeliveryServiceGrpc.getServiceDescriptor(),
            OperationsGrpc.getServiceDescriptor(),
            AuditServiceGrpc.getServiceDescriptor(),
            FeedbackIngestServiceGrpc.getServiceDescriptor())) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        String own = String.valueOf(scopes.get(method.getBareMethodName()));
        CallOptions options = CallOptions.DEFAULT;
        assertThat(called(method, options)).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(called(method, options.withCallCredentials(new Bearer(none))))
            .isEqualTo(Status.Code.PERMISSION_DENIED);
        String others = issuer.token(ALL.replace(own, ""), "*");
        assertThat(called(method, options.withCallCredentials(new Bearer(others))))
            .as(method.getFullMethodName())
            .isEqualTo(Status.Code.PERMISSION_DENIED);
        String right = issuer.token(own, "*");
        assertThat(called(method, options.withCallCredentials(new Bearer(right))))
            .as(method.getFullMethodName())
            .isIn(Status.Code.INVALID_ARGUMENT, Status.Code.OK);
      }
    }
  }

  /** What an empty request comes to. */
  private <Q, R> Status.Code called(MethodDescriptor<Q, R> method, CallOptions options) {
    Q empty = method.parseRequest(InputStream.nullInputStream());
    try {
      if (method.getType() == MethodDescriptor.MethodType.UNARY) {
        var _ = ClientCalls.blockingUnaryCall(server.channel(), method, options, empty);
      } else {
        var single =
            method.toBuilder().setType(MethodDescriptor.MethodType.SERVER_STREAMING).build();
        ClientCalls.blockingServerStreamingCall(server.channel(), single, options, empty)
            .forEachRemaining(answer -> {});
      }
      return Status.Code.OK;
    } catch (io.grpc.StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }
}
