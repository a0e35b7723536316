package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.longrunning.OperationsGrpc;
import com.google.protobuf.ByteString;
import com.nimbusds.jose.jwk.JWKSet;
import dev.feedbackwebhooks.proto.v1.AuditServiceGrpc;
import dev.feedbackwebhooks.proto.v1.CampaignServiceGrpc;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.DeleteWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackIngestServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackStatus;
import dev.feedbackwebhooks.proto.v1.HeaderParameter;
import dev.feedbackwebhooks.proto.v1.JwtAlgorithm;
import dev.feedbackwebhooks.proto.v1.JwtAuthentication;
import dev.feedbackwebhooks.proto.v1.NoAuthentication;
import dev.feedbackwebhooks.proto.v1.SendTestFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc;
import dev.feedbackwebhooks.proto.v1.WebhookSigning;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plants secrets by the front door, does with them all that can be done, and looks for them
 * everywhere but in the key file, in what the operator wrote, and in what endpoints are sent.
 */
@NullUnmarked
class SecretsJourneyTest {
  private static final String SCOPES =
      "configs.read configs.write campaigns.write events.write deliveries.read deliveries.write"
          + " audit.read";

  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          WebhookConfigServiceGrpc.getServiceDescriptor(),
          CampaignServiceGrpc.getServiceDescriptor(),
          FeedbackIngestServiceGrpc.getServiceDescriptor(),
          DeliveryServiceGrpc.getServiceDescriptor(),
          OperationsGrpc.getServiceDescriptor(),
          AuditServiceGrpc.getServiceDescriptor());

  /** What the operator wrote, and what may hold the key. */
  private static final Set<String> EXEMPT = Set.of("feedback.db.key", "jwks.json");

  private final Canaries canaries = new Canaries();
  private final AnswersHeard heard = AnswersHeard.by(canaries);
  private final String hmac =
      canaries.plant("the HMAC secret", "hmac-c4n4ry/+?&=0123456789abcdefg");
  private final String signing = canaries.plant("the signing secret", "signing-c4n4ry-0123456789");
  private final String header = canaries.plant("the header", "header-c4n4ry/+?&=0123456789");
  private final String basic =
      canaries.plant("Authorization", "Basic YXV0aC1jNG40cnk6cGFzc3dvcmQ=");
  private final String password =
      canaries.plant("the URL's password", "passw0rd-c4n4ry-0123456789");
  private final String pem = Keys.privatePem("RSA", 2048);
  private Endpoint endpoint;
  private Mirror mirror;
  private Tokens issuer;
  private String token;
  private String powerless;

  @TempDir private Path directory;

  @BeforeEach
  void plant() throws Exception {
    String digits = pem.lines().filter(line -> !line.startsWith("-")).collect(Collectors.joining());
    byte[] der = Base64.getDecoder().decode(digits);
    // A part of the private exponent, within one line of the PEM.
    canaries.plant("the PEM key", Arrays.copyOfRange(der, 570, 618));
    issuer = new Tokens("k");
    canaries.plant("the issuer's private key", issuer.key().getPrivateExponent().decode());
    Files.writeString(directory.resolve("jwks.json"), new JWKSet(issuer.key()).toString(false));
    token = issuer.token(SCOPES, "*");
    powerless = issuer.token("", "*");
    canaries.plant("the caller's token", token.substring(token.lastIndexOf('.') + 1));
    canaries.plant("the powerless token", powerless.substring(powerless.lastIndexOf('.') + 1));
    endpoint = Endpoint.start(directory);
    mirror = endpoint.mirror();
  }

  @AfterEach
  void close() throws Exception {
    mirror.close();
    endpoint.close();
  }

  @Test
  void aSecretComesToLightNowhere() throws Exception {
    try (RunningServer server = start("--log-format=json")) {
      Api api = api(server, token);
      WebhookConfig config = api.setUp(signed(hmacJwt()));
      refusals(api, config);
      EveryCall.calls(api);
      deliveries(api);
      rotate("--keep-old-keys");
      deliveries(api);
      search(server);
    }
    rotate();
    try (RunningServer server = start("--log-format=text")) {
      Api api = api(server, token);
      EveryCall.calls(api);
      update(api, WebhookConfig.newBuilder().setJwt(pemJwt()));
      deliveries(api);
      update(api, basicAuthorization());
      deliveries(api);
      malformed(server);
      callsWithout(server);
      var _ =
          api.configs.deleteWebhookConfig(
              DeleteWebhookConfigRequest.newBuilder().setName(Api.CONFIG).build());
      search(server);
    }
    assertThat(canaries.found()).as("leaks").isEmpty();
    List<String> methods =
        SERVICES.stream()
            .flatMap(service -> service.getMethods().stream())
            .map(MethodDescriptor::getFullMethodName)
            .toList();
    assertThat(heard.succeeded()).as("answered").containsAll(methods);
    assertThat(heard.refused()).as("refused").containsAll(methods);
    assertThat(mirror.sawAll(header, "Bearer ")).as("the secrets were in use").isTrue();
  }

  private RunningServer start(String format) {
    return RunningServer.start(
        directory,
        endpoint,
        format,
        "--retry-schedule=20ms,20ms",
        "--auth=jwt",
        "--auth-jwks=" + directory.resolve("jwks.json"),
        "--auth-audience=" + Tokens.AUDIENCE);
  }

  private Api api(RunningServer server, String bearer) {
    return new Api(
        ClientInterceptors.intercept(
            server.channel(), heard, MetadataUtils.newAttachHeadersInterceptor(Bearer.of(bearer))));
  }

  private WebhookConfig.Builder signed(JwtAuthentication.Builder jwt) {
    return Api.config(endpoint.url("/"))
        .addHeaderParameters(sensitive("X-Tenant", header))
        .setSigning(
            WebhookSigning.newBuilder()
                .setSecret(
                    "whsec_"
                        + Base64.getEncoder()
                            .encodeToString(signing.getBytes(StandardCharsets.UTF_8))))
        .setJwt(jwt);
  }

  private static HeaderParameter sensitive(String name, String value) {
    return HeaderParameter.newBuilder().setName(name).setValue(value).setSensitive(true).build();
  }

  private JwtAuthentication.Builder hmacJwt() {
    return JwtAuthentication.newBuilder()
        .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS256)
        .setSecret(ByteString.copyFromUtf8(hmac));
  }

  private JwtAuthentication.Builder pemJwt() {
    return JwtAuthentication.newBuilder()
        .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_RS256)
        .setPrivateKeyPem(pem);
  }

  private WebhookConfig.Builder basicAuthorization() {
    return WebhookConfig.newBuilder()
        .setNoAuthentication(NoAuthentication.getDefaultInstance())
        .addHeaderParameters(sensitive("Authorization", basic))
        .addHeaderParameters(sensitive("X-Tenant", ""));
  }

  private static void update(Api api, WebhookConfig.Builder change) {
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(change.setName(Api.CONFIG))
                .build());
  }

  /** Each kind of refusal of what holds secrets. */
  private void refusals(Api api, WebhookConfig config) {
    List<WebhookConfig.Builder> bad =
        List.of(
            Api.config("https://user:" + password + "@example.com/"),
            Api.config("nonsense " + password),
            signed(hmacJwt().setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS512)),
            signed(hmacJwt().setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_RS256)),
            signed(pemJwt().setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_ES256)),
            signed(pemJwt().setPrivateKeyPem(pem.replace("PRIVATE", "PUBLIC"))),
            signed(pemJwt().setPrivateKeyPem(pem.substring(0, pem.length() / 2))),
            signed(hmacJwt()).addHeaderParameters(sensitive("X-Bad", header + "\n")),
            signed(hmacJwt()).addHeaderParameters(sensitive("X-Bad", header.repeat(500))),
            signed(hmacJwt()).addHeaderParameters(sensitive("Host", header)),
            signed(hmacJwt()).addHeaderParameters(sensitive("Authorization", basic)),
            signed(hmacJwt()).addHeaderParameters(sensitive("X-Tenant", basic)),
            signed(hmacJwt()).setEtag("stale"));
    for (WebhookConfig.Builder builder : bad) {
      WebhookConfig refused = builder.setName(config.getName()).build();
      assertRefused(() -> update(api, refused.toBuilder()));
      assertRefused(() -> {
        var _ = api.create(refused);
      });
    }
    assertRefused(() -> {
      var _ =
          api.configs.createWebhookConfig(
              CreateWebhookConfigRequest.newBuilder()
                  .setParent("organizations/other/sandboxes/prod")
                  .setWebhookConfig(bad.get(5))
                  .setValidateOnly(true)
                  .build());
    });
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(StatusRuntimeException.class);
  }

  /**
   * To an endpoint that says back what it was sent, with several statuses, or as no HTTP at all.
   */
  private void deliveries(Api api) throws Exception {
    endpoint.echoes();
    for (int status : new int[] {200, 307, 401, 404, 500}) {
      endpoint.answers(status);
      update(api, WebhookConfig.newBuilder().setUrl(endpoint.url("/" + status)));
      EveryCall.deliver(api);
      var _ =
          api.configs.sendTestFeedback(
              SendTestFeedbackRequest.newBuilder()
                  .setName(Api.CONFIG)
                  .setStatus(FeedbackStatus.FEEDBACK_STATUS_SENT)
                  .build());
    }
    update(api, WebhookConfig.newBuilder().setUrl(mirror.url()));
    EveryCall.deliver(api);
    EveryCall.replay(api);
  }

  /** Without a right, with no token, with one that is none. */
  private void callsWithout(RunningServer server) {
    canaries.plant("the false token", "false-t0ken-c4n4ry-0123456789");
    for (String bearer : List.of(powerless, "false-t0ken-c4n4ry-0123456789", token + "x")) {
      Api api = api(server, bearer);
      assertRefused(() -> EveryCall.calls(api));
      assertRefused(() -> update(api, signed(pemJwt())));
      assertRefused(api::enableCampaign);
      assertRefused(() -> api.publish(Api.event("e").build()));
    }
  }

  /** Bytes that are no message, with secrets in them, for every method. */
  private void malformed(RunningServer server) {
    byte[] bytes = ("\u00ff\u00ff" + hmac + header).getBytes(StandardCharsets.ISO_8859_1);
    Channel channel =
        ClientInterceptors.intercept(
            server.channel(), heard, MetadataUtils.newAttachHeadersInterceptor(Bearer.of(token)));
    for (ServiceDescriptor service : SERVICES) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        MethodDescriptor<byte[], byte[]> raw =
            MalformedRequestTest.descriptor(method.getFullMethodName(), method.getType());
        assertRefused(() ->
            ClientCalls.blockingServerStreamingCall(
                    channel,
                    raw.toBuilder().setType(MethodDescriptor.MethodType.SERVER_STREAMING).build(),
                    CallOptions.DEFAULT,
                    bytes)
                .next());
      }
    }
  }

  private void rotate(String... settings) throws Exception {
    String said = RunningServer.rotateSecretKey(directory, settings);
    assertThat(said).startsWith("0 ");
    canaries.search("what the rotation says", said);
  }

  /** All places beside the answers. More of them go here. */
  private void search(RunningServer server) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String path : List.of("/metrics", "/healthz", "/readyz", "/jwks/myImsOrg/prod")) {
        HttpResponse<byte[]> answer =
            http.send(
                HttpRequest.newBuilder(URI.create(server.ops() + path)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        canaries.search(path, answer.body());
        canaries.search(path, answer.headers().toString());
      }
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!EXEMPT.contains(file.getFileName().toString())) {
          canaries.search(file.getFileName().toString(), Files.readAllBytes(file));
        }
      }
    }
  }
}
