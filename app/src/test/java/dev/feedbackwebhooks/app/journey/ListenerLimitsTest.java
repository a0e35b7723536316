package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client can take of the server, whatever it sends or does not. */
class ListenerLimitsTest {
  private static final String STREAM = "/feedback.v1.FeedbackIngestService/StreamFeedback";
  private static final String PUBLISH = "/feedback.v1.FeedbackIngestService/PublishFeedback";

  @TempDir Path directory;

  private final List<AutoCloseable> open = new ArrayList<>();

  private RunningServer server(String... settings) throws Exception {
    Endpoint endpoint = Endpoint.start(directory);
    open.add(endpoint);
    RunningServer server = RunningServer.start(directory, endpoint, settings);
    open.add(server);
    return server;
  }

  private <C extends AutoCloseable> C kept(C client) {
    open.add(client);
    return client;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private static boolean serves(RunningServer server) {
    return HealthGrpc.newBlockingStub(server.channel())
            .withWaitForReady()
            .withDeadlineAfter(Patience.LIMIT)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatusValue()
        == 1;
  }

  @Test
  void whoDoesNotGreetIsCutOff() throws Exception {
    RunningServer server = server("--grpc-handshake-timeout=1s");
    RawClient client = kept(RawClient.silent(server));
    assertThat(client.await(99).type()).isEqualTo(-1);
    assertThat(serves(server)).isTrue();
  }

  @Test
  void whoMakesNoCallIsCutOff() throws Exception {
    RunningServer server = server("--grpc-handshake-timeout=2s");
    RawClient client = kept(RawClient.greeting(server));
    RawClient.Frame goodbye = client.await(RawClient.GOAWAY);
    assertThat(goodbye.type()).isEqualTo(RawClient.GOAWAY);
    assertThat(goodbye.error()).isZero();
    assertThat(client.await(99).type()).isEqualTo(-1);
    RawClient other = kept(RawClient.greeting(server));
    other.begin(1, STREAM, Map.of());
    RawClient third = kept(RawClient.greeting(server));
    assertThat(third.await(99).type()).isEqualTo(-1);
    assertThat(isOpen(other)).as("it has a call").isTrue();
  }

  @Test
  void silentConnectionsLockNobodyOut() throws Exception {
    RunningServer server = server("--grpc-connections=10", "--grpc-handshake-timeout=1h");
    assertThat(serves(server)).isTrue();
    List<RawClient> silent = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      silent.add(kept(i % 2 == 0 ? RawClient.silent(server) : RawClient.greeting(server)));
    }
    RawClient client = kept(RawClient.greeting(server));
    client.begin(1, STREAM, Map.of());
    assertThat(isOpen(client)).isTrue();
    assertThat(silent.getFirst().await(99).type()).as("the oldest made room").isEqualTo(-1);
    assertThat(serves(server)).as("on the connection of its first call").isTrue();
    String log = server.log();
    assertThat(log).doesNotContain("stack_trace");
  }

  /** A connection with a call under way is not closed for others. */
  @Test
  void connectionsBeyondTheLimitAreClosedAndRoomIsMadeAgain() throws Exception {
    RunningServer server = server("--grpc-connections=2");
    RawClient first = kept(RawClient.greeting(server));
    first.begin(1, STREAM, Map.of());
    assertThat(isOpen(first)).isTrue();
    RawClient second = kept(RawClient.greeting(server));
    second.begin(1, STREAM, Map.of());
    assertThat(isOpen(second)).isTrue();
    awaitOpenStreams(server, 2);
    RawClient third = kept(RawClient.greeting(server));
    assertThat(third.await(99).type()).isEqualTo(-1);
    assertThat(isOpen(first)).isTrue();
    first.close();
    await()
        .until(() ->
            kept(RawClient.greeting(server)).await(RawClient.SETTINGS).type()
                == RawClient.SETTINGS);
    assertThat(isOpen(second)).isTrue();
  }

  /** Its watches of the server's health need no token, and hold up nobody who has one. */
  @Test
  void whoHasNoTokenMakesRoomBeforeThoseWhoHaveOne() throws Exception {
    Tokens issuer = new Tokens("k");
    Path keys = directory.resolve("keys.json");
    Files.writeString(keys, new JWKSet(issuer.key().toPublicJWK()).toString());
    RunningServer server =
        server(
            "--grpc-connections=3",
            "--auth=jwt",
            "--auth-jwks=" + keys,
            "--auth-audience=" + Tokens.AUDIENCE);
    Map<String, String> token =
        Map.of("authorization", "Bearer " + issuer.token("events.write", "myImsOrg"));
    RawClient known = kept(RawClient.greeting(server));
    known.begin(1, PUBLISH, token);
    known.send(RawClient.DATA, 1, 1, new byte[5]);
    assertThat(known.await(RawClient.HEADERS).stream()).as("refused as it is empty").isEqualTo(1);
    List<RawClient> watching = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      RawClient unknown = kept(RawClient.greeting(server));
      unknown.begin(1, "/grpc.health.v1.Health/Watch", Map.of());
      unknown.send(RawClient.DATA, 1, 1, new byte[5]);
      assertThat(unknown.await(RawClient.HEADERS).stream()).isEqualTo(1);
      watching.add(unknown);
    }
    assertThat(watching.getFirst().await(99).type()).as("it made room").isEqualTo(-1);
    RawClient other = kept(RawClient.greeting(server));
    other.begin(1, STREAM, token);
    assertThat(isOpen(other)).isTrue();
    assertThat(isOpen(known)).isTrue();
  }

  private static void awaitOpenStreams(RunningServer server, int count) {
    await()
        .until(() -> server.get("/metrics").contains("Service/StreamFeedback\"} " + count + ".0"));
  }

  /** Whether a ping is answered. */
  private static boolean isOpen(RawClient client) throws IOException {
    client.send(RawClient.PING, 0, 0, new byte[8]);
    return client.await(RawClient.PING).type() == RawClient.PING;
  }

  @Test
  void aCallThatCannotBeReadEndsAlone() throws Exception {
    RunningServer server = server();
    RawClient client = kept(RawClient.greeting(server));
    client.begin(1, STREAM, Map.of());
    List<Map<String, String>> malformed =
        List.of(
            Map.of("x-bin", "***"),
            Map.of("grpc-trace-bin", "a"),
            Map.of("grpc-tags-bin", "AAAA,!"),
            Map.of("grpc-timeout", "soon"),
            Map.of("grpc-timeout", "S"),
            Map.of("grpc-timeout", "999999999999S"),
            Map.of("grpc-timeout", "1"),
            Map.of("connection", "close"),
            Map.of("x-large", "x".repeat(15_900), "y-large", "y".repeat(300)));
    int stream = 3;
    // Those that gRPC resets are less than what counts as a flood; a refusal is no reset.
    for (int i = 0; i < 100; i++) {
      for (Map<String, String> headers : i < 10 ? malformed : malformed.subList(3, 7)) {
        client.begin(stream, PUBLISH, headers);
        client.send(RawClient.DATA, 1, stream, new byte[5]);
        stream += 2;
      }
    }
    client.begin(stream, "/grpc.health.v1.Health/Check", Map.of());
    client.send(RawClient.DATA, 1, stream, new byte[5]);
    RawClient.Frame frame = client.read();
    while (frame.stream() != stream) {
      assertThat(frame.type())
          .as("the connection lives: %s", frame.payload().toStringUtf8())
          .isNotIn(RawClient.GOAWAY, -1);
      assertThat(frame.stream()).as("the other call lives").isNotEqualTo(1);
      frame = client.read();
    }
    assertThat(frame.type()).isEqualTo(RawClient.HEADERS);
    assertMistakesAreCounted(server);
    // Those that are refused by a status as well, which gRPC knows nothing of.
    await().until(() -> server.get("/metrics").contains("client_errors_total{kind=\"headers\"} 4"));
  }

  @Test
  void aClientsMistakeIsNoStackInTheLog() throws Exception {
    RunningServer server = server();
    RawClient client = kept(RawClient.greeting(server));
    // 5 MiB are announced.
    client.begin(1, PUBLISH, Map.of());
    client.send(RawClient.DATA, 0, 1, new byte[] {0, 0, 0x50, 0, 0});
    assertThat(client.await(RawClient.HEADERS).stream()).isEqualTo(1);
    client.begin(3, PUBLISH, Map.of("x-bin", "***"));
    client.begin(5, PUBLISH, Map.of("x", "y".repeat(17_000)));
    // No frame of HTTP/2, and nothing that is HTTP/2 at all.
    client.send(99, 255, 7, new byte[] {1, 2, 3});
    client.send(RawClient.DATA, 1, 99, new byte[5]);
    RawClient noise = kept(RawClient.silent(server));
    noise.send(71, 69, 84, new byte[100]);
    assertThat(noise.await(99).type()).isEqualTo(-1);
    assertMistakesAreCounted(server);
  }

  private static void assertMistakesAreCounted(RunningServer server) {
    await().until(() -> server.log().contains("clients sent what gRPC cannot read"));
    assertThat(server.log()).doesNotContain("stack_trace").contains("\"peer\":\"127.0.0.1:");
    assertThat(server.log().lines()).hasSizeLessThan(8);
  }

  /** Every 10 s is the shortest interval of some clients: two in 10 s must be fine for ever. */
  @Test
  void pingsEachFiveSecondsArePermitted() throws Exception {
    RunningServer server = server();
    RawClient client = kept(RawClient.greeting(server));
    client.begin(1, STREAM, Map.of());
    for (int i = 0; i < 6; i++) {
      assertThat(isOpen(client)).isTrue();
      Thread.sleep(5_100);
    }
    assertThat(isOpen(client)).isTrue();
  }

  @Test
  void connectionsThatAreIdleOrOldAreAskedToLeave() throws Exception {
    RunningServer server = server("--grpc-connection-idle=300ms", "--grpc-connection-age=1h");
    assertThat(kept(RawClient.greeting(server)).await(RawClient.GOAWAY).error()).isZero();
  }

  @Test
  void callsThatAreBegunAndAbandonedEndTheConnection() throws Exception {
    RunningServer server = server();
    RawClient client = kept(RawClient.greeting(server));
    for (int i = 0; i < 1_000; i++) {
      client.begin(2 * i + 1, STREAM, Map.of());
      client.send(RawClient.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
    }
    RawClient.Frame goodbye = client.await(RawClient.GOAWAY);
    assertThat(goodbye.type()).isIn(RawClient.GOAWAY, -1);
    if (goodbye.type() == RawClient.GOAWAY) {
      assertThat(goodbye.error()).isEqualTo(RawClient.ENHANCE_YOUR_CALM);
    }
    assertThat(serves(server)).isTrue();
  }

  @Test
  void pingsThatAreTooManyEndTheConnection() throws Exception {
    RunningServer server = server();
    RawClient client = kept(RawClient.greeting(server));
    for (int i = 0; i < 10; i++) {
      client.send(RawClient.PING, 0, 0, new byte[8]);
    }
    RawClient.Frame goodbye = client.await(RawClient.GOAWAY);
    assertThat(goodbye.error()).isEqualTo(RawClient.ENHANCE_YOUR_CALM);
    assertThat(goodbye.payload().toStringUtf8()).endsWith("too_many_pings");
  }

  @Test
  void aConnectionHasSoManyCallsAndNoMore() throws Exception {
    RunningServer server = server();
    RawClient client = kept(RawClient.greeting(server));
    // From here on the limit is known to both.
    assertThat(client.await(RawClient.SETTINGS).type()).isEqualTo(RawClient.SETTINGS);
    for (int i = 0; i <= 200; i++) {
      client.begin(2 * i + 1, STREAM, Map.of());
    }
    RawClient.Frame refused = client.await(RawClient.RST_STREAM);
    assertThat(refused.stream()).isEqualTo(401);
    assertThat(refused.error()).as("REFUSED_STREAM").isEqualTo(7);
  }

  @Test
  void metadataBeyondTheLimitIsRefused() throws Exception {
    RunningServer server = server();
    RawClient client = kept(RawClient.greeting(server));
    client.begin(1, PUBLISH, Map.of("x-large", "x".repeat(16_000), "y-large", "y".repeat(300)));
    RawClient.Frame refused = client.read();
    while (refused.stream() != 1 && refused.type() != RawClient.GOAWAY && refused.type() != -1) {
      refused = client.read();
    }
    assertThat(refused.type()).isIn(RawClient.HEADERS, RawClient.RST_STREAM, RawClient.GOAWAY, -1);
    assertThat(serves(server)).isTrue();
  }

  /** 120 clients, each with most of 1 MiB of a message that never ends: twice what there is. */
  @Test
  void messagesThatNeverEndTakeBoundedMemory() throws Exception {
    RunningServer server = server();
    byte[] part = new byte[16_000];
    // A message that says it has 4,000,000 bytes.
    byte[] head = {0, 0, 0x3d, 0x09, 0x00};
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      RawClient client = kept(RawClient.greeting(server));
      clients.add(client);
      client.begin(1, PUBLISH, Map.of());
      client.send(RawClient.DATA, 0, 1, head);
      for (int sent = 0; sent < 60; sent++) {
        client.send(RawClient.DATA, 0, 1, part);
      }
    }
    Set<RawClient> refused = new HashSet<>();
    await()
        .until(() -> {
          for (RawClient client : clients) {
            if (isRefused(client)) {
              refused.add(client);
            }
          }
          return refused.size() >= 50;
        });
    assertThat(serves(server)).isTrue();
    assertThat(server.log()).doesNotContain("OutOfMemory", "OutOfDirectMemory");
  }

  private static boolean isRefused(RawClient client) throws IOException {
    boolean refused = false;
    while (client.hasNews()) {
      RawClient.Frame frame = client.read();
      refused |=
          frame.stream() == 1
              && (frame.type() == RawClient.HEADERS || frame.type() == RawClient.RST_STREAM);
    }
    return refused;
  }
}
