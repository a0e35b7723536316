package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.longrunning.OperationsGrpc;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import com.nimbusds.jose.jwk.JWKSet;
import dev.feedbackwebhooks.proto.v1.AuditServiceGrpc;
import dev.feedbackwebhooks.proto.v1.CampaignServiceGrpc;
import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsRequest;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever may not see an organization cannot tell what is there from what is not, by any call. */
@NullUnmarked
class ExistenceJourneyTest {
  private static final String ALL =
      "configs.read configs.write campaigns.write events.write deliveries.read deliveries.write"
          + " audit.read";

  @TempDir static Path directory;
  private static Endpoint endpoint;
  private static RunningServer server;
  private static Bearer owner;
  private static Bearer stranger;

  /** By the last part but one of a resource's name: one that is there. */
  private static Map<String, String> there;

  @BeforeAll
  static void open() throws Exception {
    Tokens issuer = new Tokens("k");
    Path jwks = directory.resolve("jwks.json");
    Files.writeString(jwks, new JWKSet(issuer.key().toPublicJWK()).toString());
    endpoint = Endpoint.start(directory);
    server =
        RunningServer.start(
            directory,
            endpoint,
            "--auth=jwt",
            "--auth-jwks=" + jwks,
            "--auth-audience=" + Tokens.AUDIENCE);
    owner = new Bearer(issuer.token(ALL, "myImsOrg"));
    stranger = new Bearer(issuer.token(ALL, "other"));
    fill(new Api(server).as(owner));
  }

  private static void fill(Api api) {
    var _ = api.setUp(Api.config(endpoint.url("/")));
    String delivery = api.publish(Api.event("e").build()).getFirst().getDelivery();
    String replay =
        api.deliveries
            .replayDeliveries(
                ReplayDeliveriesRequest.newBuilder()
                    .setParent(Api.PARENT)
                    .setFilter(
                        "create_time > 2020-01-01T00:00:00Z AND create_time < 2222-01-01T00:00:00Z")
                    .build())
            .getName();
    String record =
        api.audit
            .listAuditRecords(ListAuditRecordsRequest.newBuilder().setParent(Api.PARENT).build())
            .getAuditRecords(0)
            .getName();
    there =
        Map.of(
            "WebhookConfig",
            Api.CONFIG,
            "Campaign",
            Api.CAMPAIGN,
            "Delivery",
            delivery,
            "Operation",
            replay,
            "AuditRecord",
            record);
  }

  @AfterAll
  static void close() {
    server.close();
    endpoint.close();
  }

  static Stream<Arguments> calls() {
    return Stream.of(
            WebhookConfigServiceGrpc.getServiceDescriptor(),
            CampaignServiceGrpc.getServiceDescriptor(),
            DeliveryServiceGrpc.getServiceDescriptor(),
            OperationsGrpc.getServiceDescriptor(),
            AuditServiceGrpc.getServiceDescriptor())
        .map(ServiceDescriptor::getMethods)
        .flatMap(methods -> methods.stream())
        .map(method -> Arguments.argumentSet(method.getBareMethodName(), method));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void isNotToldToAStranger(MethodDescriptor<Message, Message> method) {
    String name = there(method.getBareMethodName());
    Refusal here = refusal(method, name);
    assertThat(here.code()).isEqualTo(Code.PERMISSION_DENIED);
    Status words = here.status();
    for (String absent :
        List.of(
            name.replace("/myImsOrg/", "/nowhere/"),
            name.replace("/prod", "/nowhere"),
            name.replaceFirst("[^/]$", "0"))) {
      assertThat(refusal(method, absent).status()).as("word for word").isEqualTo(words);
    }
    assertThat(words.toString()).doesNotContain("myImsOrg", "prod");
  }

  /** Else the same words could be the answer to a name that nobody could have meant. */
  @ParameterizedTest
  @MethodSource("calls")
  void theOwnerIsLetThrough(MethodDescriptor<Message, Message> method) {
    String absent = there(method.getBareMethodName()).replace("/prod", "/nowhere");
    CallOptions options = CallOptions.DEFAULT.withCallCredentials(owner);
    try {
      var _ =
          ClientCalls.blockingUnaryCall(server.channel(), method, options, named(method, absent));
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isNotIn(Code.PERMISSION_DENIED, Code.UNAUTHENTICATED);
    }
  }

  /** What the call needs the name of: a resource, or the parent of some. */
  private static String there(String method) {
    return there.entrySet().stream()
        .filter(each -> method.endsWith(each.getKey()) && !method.startsWith("Create"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(Api.PARENT);
  }

  private static Refusal refusal(MethodDescriptor<Message, Message> method, String name) {
    CallOptions options = CallOptions.DEFAULT.withCallCredentials(stranger);
    Message request = named(method, name);
    return Refusal.of(
        () -> ClientCalls.blockingUnaryCall(server.channel(), method, options, request));
  }

  /** A request that names nothing but this. */
  private static Message named(MethodDescriptor<Message, Message> method, String name) {
    return named(method.parseRequest(InputStream.nullInputStream()).toBuilder(), name).build();
  }

  private static Message.Builder named(Message.Builder request, String name) {
    for (FieldDescriptor field : request.getDescriptorForType().getFields()) {
      if (field.getName().equals("name") || field.getName().equals("parent")) {
        return request.setField(field, name);
      }
    }
    // An update names its resource within it.
    FieldDescriptor resource = request.getDescriptorForType().getFields().getFirst();
    return request.setField(resource, named(request.newBuilderForField(resource), name).build());
  }
}
