package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issuer of tokens whose keys cannot be had costs the calls that need them, and no more. */
@NullUnmarked
class IssuerJourneyTest {
  private static final Duration WHOLE = Duration.ofSeconds(8);
  private static final long MOST_BYTES = 256 * 1024;

  /** What two kernels hold. */
  private static final long UNDER_WAY_BYTES = 8 << 20;

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong taken = new AtomicLong();
  private ServerSocket socket;

  @BeforeEach
  void listen() throws IOException {
    socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }

  /** Answers whoever comes with this part again and again. */
  private void serve(byte[] part, int pauseMillis) {
    threads.execute(() -> {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept()) {
          asked.incrementAndGet();
          OutputStream out = client.getOutputStream();
          out.write("HTTP/1.1 200 OK\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
          while (true) {
            out.write(part);
            taken.addAndGet(part.length);
            Thread.sleep(pauseMillis);
          }
        } catch (IOException | InterruptedException _) {
          // It has had enough, or the test is over.
        }
      }
    });
  }

  private RunningServer server(Endpoint endpoint) {
    return RunningServer.start(
        directory,
        endpoint,
        "--auth=jwt",
        "--auth-jwks=http://127.0.0.1:" + socket.getLocalPort() + "/keys",
        "--auth-audience=" + Tokens.AUDIENCE);
  }

  /** How long it takes until a call is refused since the keys cannot be had. */
  private static Duration refused(RunningServer server, String token) {
    long start = System.nanoTime();
    Refusal refusal =
        Refusal.of(() ->
            new Api(server)
                .as(new Bearer(token))
                .configs
                .getWebhookConfig(
                    GetWebhookConfigRequest.newBuilder().setName(Api.CONFIG).build()));
    assertThat(refusal.code()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refusal.reason()).isEqualTo("KEYS_UNAVAILABLE");
    assertThat(refusal.status().toString()).doesNotContain(token);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static boolean serves(RunningServer server) {
    return HealthGrpc.newBlockingStub(server.channel())
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatusValue()
        == 1;
  }

  @Test
  void whoseKeysDripIsGivenUpAfterEightSecondsAndOthersGoOnMeanwhile() throws Exception {
    String token = new Tokens("k").token("configs.read", "*");
    serve(new byte[] {' '}, 200);
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = server(endpoint)) {
      assertThat(serves(server)).isTrue();
      var waiting = threads.submit(() -> refused(server, token));
      await().until(() -> asked.get() == 1);
      assertThat(serves(server)).isTrue();
      assertThat(waiting.isDone()).isFalse();
      assertThat(waiting.get()).isBetween(WHOLE.minusSeconds(1), Patience.LIMIT);
      var _ = refused(server, token);
      assertThat(asked.get()).as("not asked again at once").isOne();
    }
  }

  @Test
  void whoseKeysDoNotEndIsCutOffAfterSomeBytes() throws Exception {
    String token = new Tokens("k").token("configs.read", "*");
    serve(" ".repeat(16_384).getBytes(StandardCharsets.US_ASCII), 0);
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = server(endpoint)) {
      var _ = refused(server, token);
      assertThat(taken.get()).isBetween(MOST_BYTES, MOST_BYTES + UNDER_WAY_BYTES);
      assertThat(serves(server)).isTrue();
    }
  }
}
