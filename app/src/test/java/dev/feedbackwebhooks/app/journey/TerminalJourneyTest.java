package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import dev.feedbackwebhooks.cli.ClientCommands;
import dev.feedbackwebhooks.cli.terminal.Terminal;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesMetadata;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesResponse;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server answers is shown on a terminal, and does not steer it. */
@NullUnmarked
class TerminalJourneyTest {
  /**
   * Clears a screen in two ways, forges a line, turns an order, hides, and ends as a pair's half.
   */
  private static final String HOSTILE =
      "a\u001b[2J\u009b2J\r\nok\t\u202eb\u2066c\u200b\u2028d\u007f\u0007";

  private static final List<String> COMMANDS =
      List.of(
          "config get",
          "config list",
          "config test",
          "campaign list",
          "campaign enable c",
          "deliveries get d",
          "deliveries list --limit=1",
          "deliveries retry d",
          "deliveries watch --limit=1",
          "deliveries replay --from=2026-01-01T00:00:00Z --until=2026-02-01T00:00:00Z --dry-run",
          "operations list --limit=1",
          "operations get o",
          "operations cancel o",
          "stats",
          "audit list --limit=1");

  private final AtomicBoolean refusing = new AtomicBoolean();
  private Server server;

  private record Said(int status, String out, String err) {}

  @BeforeEach
  void start() throws Exception {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .fallbackHandlerRegistry(new Everything())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  /** Serves each method, with a text of which each character is hostile wherever a text may be. */
  private final class Everything extends HandlerRegistry {
    @Override
    public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
        String methodName, @Nullable String authority) {
      return Stream.of(
              dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc.getServiceDescriptor(),
              dev.feedbackwebhooks.proto.v1.CampaignServiceGrpc.getServiceDescriptor(),
              dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc.getServiceDescriptor(),
              dev.feedbackwebhooks.proto.v1.AuditServiceGrpc.getServiceDescriptor(),
              com.google.longrunning.OperationsGrpc.getServiceDescriptor())
          .flatMap(service -> service.getMethods().stream())
          .filter(method -> method.getFullMethodName().equals(methodName))
          .findFirst()
          .map(this::definition)
          .orElse(null);
    }

    @SuppressWarnings("unchecked")
    private ServerMethodDefinition<?, ?> definition(MethodDescriptor<?, ?> method) {
      MethodDescriptor<Message, Message> any = (MethodDescriptor<Message, Message>) method;
      Message answer =
          hostile(
                  ((MethodDescriptor.PrototypeMarshaller<Message>) any.getResponseMarshaller())
                      .getMessagePrototype()
                      .newBuilderForType(),
                  0)
              .build();
      assertThat(any.getSchemaDescriptor()).isInstanceOf(ProtoMethodDescriptorSupplier.class);
      return ServerMethodDefinition.create(
          any,
          any.getType() == MethodDescriptor.MethodType.UNARY
              ? ServerCalls.asyncUnaryCall((_, to) -> answer(answer, to))
              : ServerCalls.asyncServerStreamingCall((_, to) -> answer(answer, to)));
    }
  }

  private void answer(Message answer, StreamObserver<Message> to) {
    if (refusing.get()) {
      to.onError(
          StatusProto.toStatusRuntimeException(
              com.google.rpc.Status.newBuilder()
                  .setCode(Code.INVALID_ARGUMENT_VALUE)
                  .setMessage(HOSTILE)
                  .addDetails(Any.pack(hostile(BadRequest.newBuilder(), 0).build()))
                  .build()));
    } else {
      to.onNext(answer);
      to.onCompleted();
    }
  }

  private static Message.Builder hostile(Message.Builder message, int depth) {
    if (message instanceof Operation.Builder operation) {
      return operation
          .setName("organizations/g/sandboxes/s/operations/" + HOSTILE)
          .setDone(true)
          .setMetadata(Any.pack(hostile(ReplayDeliveriesMetadata.newBuilder(), depth).build()))
          .setResponse(Any.pack(hostile(ReplayDeliveriesResponse.newBuilder(), depth).build()));
    }
    if (message.getDescriptorForType().getFullName().startsWith("google.protobuf.") || depth > 5) {
      return message;
    }
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isMapField() || field.getName().equals("next_page_token")) {
        continue;
      }
      @Nullable Object value =
          switch (field.getJavaType()) {
            case STRING -> HOSTILE;
            case BYTE_STRING -> ByteString.copyFromUtf8(HOSTILE);
            case ENUM -> field.getEnumType().getValues().getLast();
            case MESSAGE -> hostile(message.newBuilderForField(field), depth + 1).build();
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN -> null;
          };
      if (value != null && field.isRepeated()) {
        message.addRepeatedField(field, value);
      } else if (value != null) {
        message.setField(field, value);
      }
    }
    return message;
  }

  private Said run(PrintStream out, String command, String... more) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    List<String> args = new ArrayList<>(Arrays.asList(command.split(" ")));
    if (!command.startsWith("config list")) {
      args.addAll(List.of("-g=g", "-s=s"));
    }
    args.addAll(List.of(more));
    args.add("--server=127.0.0.1:" + server.getPort());
    int status = ClientCommands.of(terminal, Map.of()).execute(args.toArray(String[]::new));
    return new Said(status, "", err.toString(StandardCharsets.UTF_8));
  }

  private Said run(String command, String... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Said said = run(new PrintStream(out, true, StandardCharsets.UTF_8), command, more);
    return new Said(said.status(), out.toString(StandardCharsets.UTF_8), said.err());
  }

  private static void assertHarmless(String command, Said said) {
    (said.out() + said.err())
        .codePoints()
        .filter(each -> each != '\n')
        .forEach(each ->
            assertThat(Character.getType(each))
                .as(command + ": U+" + Integer.toHexString(each) + " of " + said)
                .isNotIn(
                    (int) Character.CONTROL,
                    (int) Character.FORMAT,
                    (int) Character.LINE_SEPARATOR,
                    (int) Character.PARAGRAPH_SEPARATOR));
  }

  @Test
  void nothingThatTheServerAnswersSteersTheTerminal() {
    for (String command : COMMANDS) {
      for (String output : List.of("--output=table", "--output=json")) {
        Said said = run(command, output);
        assertThat(said.out()).as(command + " " + output + said.err()).isNotEmpty();
        assertHarmless(command + " " + output, said);
      }
    }
  }

  @Test
  void nothingThatItRefusesWithSteersTheTerminal() {
    refusing.set(true);
    for (String command : COMMANDS) {
      Said said = run(command);
      assertThat(said.status()).as(command).isEqualTo(1);
      assertThat(said.err()).startsWith("feedback-webhooks: INVALID_ARGUMENT: a\u00b7[2J");
      assertThat(said.err().lines()).hasSize(2);
      assertHarmless(command, said);
    }
  }

  @Test
  void anOutputThatCannotBeWrittenFailsTheCommandInOneLine() throws Exception {
    File full = new File("/dev/full");
    for (String command : COMMANDS) {
      try (PrintStream out = new PrintStream(full, StandardCharsets.UTF_8)) {
        Said said = run(out, command);
        assertThat(said.status()).as(command).isEqualTo(1);
        assertThat(said.err()).contains("the output cannot be written").hasLineCount(1);
      }
    }
  }
}
