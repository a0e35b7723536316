package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRotationJourneyTest {
  /** The issuer is asked for keys that it did not publish so far no more often than this. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  @TempDir Path directory;

  @Test
  void keysComeFromTheIssuerAndItsNewOnesAreFound() throws Exception {
    Tokens before = new Tokens("before");
    Tokens after = new Tokens("after");
    AtomicReference<String> published = new AtomicReference<>("not keys");
    AtomicInteger asked = new AtomicInteger();
    HttpServer issuer =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.createContext(
        "/jwks",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = published.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    issuer.start();
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server =
            RunningServer.start(
                directory,
                endpoint,
                "--auth=jwt",
                "--auth-audience=" + Tokens.AUDIENCE,
                "--auth-jwks=http://127.0.0.1:" + issuer.getAddress().getPort() + "/jwks")) {
      Api api = new Api(server);
      String old = before.token("configs.read", "*");
      assertThat(read(api, old)).as("no keys yet").isEqualTo(Status.Code.UNAVAILABLE);
      published.set(keys(before));
      await().until(() -> read(api, old) == Status.Code.NOT_FOUND);
      published.set(keys(after));
      String fresh = after.token("configs.read", "*");
      await().until(() -> read(api, fresh) == Status.Code.NOT_FOUND);
      assertThat(read(api, old)).as("withdrawn").isEqualTo(Status.Code.UNAUTHENTICATED);
      int lookups = asked.get();
      long begun = System.nanoTime();
      for (int i = 0; i < 50; i++) {
        assertThat(read(api, old)).isEqualTo(Status.Code.UNAUTHENTICATED);
      }
      int most = 1 + (int) ((System.nanoTime() - begun) / BETWEEN_LOOKS.toNanos());
      assertThat(asked.get()).as("callers do not decide").isLessThanOrEqualTo(lookups + most);
    } finally {
      issuer.stop(0);
    }
  }

  private static String keys(Tokens tokens) {
    return new JWKSet(tokens.key().toPublicJWK()).toString();
  }

  private static Status.Code read(Api api, String token) {
    return Refusal.of(() ->
            api.configs
                .withCallCredentials(new Bearer(token))
                .getWebhookConfig(GetWebhookConfigRequest.newBuilder().setName(Api.CONFIG).build()))
        .code();
  }
}
