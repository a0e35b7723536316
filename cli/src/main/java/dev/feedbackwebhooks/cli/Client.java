package dev.feedbackwebhooks.cli;

import com.google.longrunning.OperationsGrpc;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.feedbackwebhooks.cli.terminal.Terminal;
import dev.feedbackwebhooks.proto.v1.AuditServiceGrpc;
import dev.feedbackwebhooks.proto.v1.CampaignServiceGrpc;
import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackIngestServiceGrpc;
import dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc;
import io.grpc.CallCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.AbstractStub;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The server's services, for the time of one command. */
record Client(
    ManagedChannel channel, Optional<CallCredentials> token, Terminal terminal, boolean json)
    implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 60;

  WebhookConfigServiceGrpc.WebhookConfigServiceBlockingStub configs() {
    return unary(WebhookConfigServiceGrpc.newBlockingStub(channel));
  }

  CampaignServiceGrpc.CampaignServiceBlockingStub campaigns() {
    return unary(CampaignServiceGrpc.newBlockingStub(channel));
  }

  DeliveryServiceGrpc.DeliveryServiceBlockingStub deliveries() {
    return unary(DeliveryServiceGrpc.newBlockingStub(channel));
  }

  OperationsGrpc.OperationsBlockingStub operations() {
    return unary(OperationsGrpc.newBlockingStub(channel));
  }

  AuditServiceGrpc.AuditServiceBlockingStub audit() {
    return unary(AuditServiceGrpc.newBlockingStub(channel));
  }

  FeedbackIngestServiceGrpc.FeedbackIngestServiceStub ingest() {
    return authorized(FeedbackIngestServiceGrpc.newStub(channel));
  }

  private <S extends AbstractStub<S>> S unary(S stub) {
    return authorized(stub).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  <S extends AbstractStub<S>> S authorized(S stub) {
    return token.map(stub::withCallCredentials).orElse(stub);
  }

  /** One JSON object, on one line. */
  void printJson(Message message) {
    try {
      terminal.out().json(compact(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("what the server answered can be printed", e);
    }
  }

  /** A message for people, over several lines. */
  void print(Message message) {
    try {
      terminal.out().json(json ? compact(message) : JsonFormat.printer().print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("what the server answered can be printed", e);
    }
  }

  private static String compact(Message message) throws InvalidProtocolBufferException {
    return JsonFormat.printer().omittingInsignificantWhitespace().print(message);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
