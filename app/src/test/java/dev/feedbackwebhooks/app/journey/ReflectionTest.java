package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReflectionTest {
  private static final String[] OURS = {
    "feedback.v1.AuditService",
    "feedback.v1.CampaignService",
    "feedback.v1.DeliveryService",
    "feedback.v1.FeedbackIngestService",
    "feedback.v1.WebhookConfigService",
    "google.longrunning.Operations"
  };

  @TempDir Path directory;

  @Test
  void everyServiceIsListedAndDescribed() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      List<String> listed =
          ask(server, ServerReflectionRequest.newBuilder().setListServices("*").build())
              .getListServicesResponse()
              .getServiceList()
              .stream()
              .map(ServiceResponse::getName)
              .toList();
      assertThat(listed)
          .contains(OURS)
          .contains("grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection");
      for (String service : OURS) {
        assertThat(described(server, service)).as(service).isNotEmpty();
      }
    }
  }

  @Test
  void isOffWhereSettingsSaySo() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server =
            RunningServer.start(directory, endpoint, "--grpc-reflection=false")) {
      assertThatThrownBy(
              () -> ask(server, ServerReflectionRequest.newBuilder().setListServices("*").build()))
          .hasMessageContaining("UNIMPLEMENTED");
    }
  }

  /** The methods of a service, as reflection describes it. */
  private static List<String> described(RunningServer server, String service) throws Exception {
    ServerReflectionResponse response =
        ask(server, ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build());
    for (ByteString file : response.getFileDescriptorResponse().getFileDescriptorProtoList()) {
      for (ServiceDescriptorProto candidate :
          FileDescriptorProto.parseFrom(file).getServiceList()) {
        if (service.endsWith("." + candidate.getName())) {
          return candidate.getMethodList().stream().map(method -> method.getName()).toList();
        }
      }
    }
    return List.of();
  }

  private static ServerReflectionResponse ask(
      RunningServer server, ServerReflectionRequest question) throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(server.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(question);
    requests.onCompleted();
    return Patience.result(answer);
  }
}
