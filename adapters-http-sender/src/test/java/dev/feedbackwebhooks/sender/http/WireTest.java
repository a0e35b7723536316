package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.sender.http.RawEndpoint.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail.HeaderField;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.testing.Samples;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a POST looks like on the wire. */
class WireTest {
  private static final List<HeaderParameter> HEADERS =
      List.of(
          new HeaderParameter("X-Tenant", Secret.of("blue"), false),
          new HeaderParameter("x-api-key", Secret.of("s3cr3t"), true));

  private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

  @TempDir Path directory;

  @Test
  void theRequestIsWhatIsPromised() throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint =
            RawEndpoint.tls(certificates.good(), text("HTTP/1.1 204 No Content\r\n\r\n"))) {
      var _ = sending.send(config(endpoint.port()), 3);
      assertThat(endpoint.requests().getFirst().split("\r\n", -1))
          .containsExactlyInAnyOrder(
              "POST /hook?a=b HTTP/1.1",
              "host: 127.0.0.1:" + endpoint.port(),
              "content-type: application/json; charset=utf-8",
              "content-length: 14",
              "user-agent: feedback-webhooks/test",
              "webhook-id: 00000000004j7",
              "webhook-timestamp: " + Samples.NOW.getEpochSecond(),
              "webhook-attempt: 3",
              "X-Tenant: blue",
              "x-api-key: s3cr3t",
              "",
              "{\"event\":\"ü\"}");
    }
  }

  private static WebhookConfig config(int port) {
    return Sending.config("127.0.0.1", port, new EndpointAuth.None(), HEADERS);
  }

  @Test
  void connectionsAreKeptAndAnEndpointThatSpeaksHttp2IsSpokenToInIt() throws Exception {
    Certificates certificates = Certificates.in(directory);
    Vertx vertx = Vertx.vertx();
    ConcurrentLinkedQueue<HttpServerRequest> requests = new ConcurrentLinkedQueue<>();
    HttpServer server =
        vertx
            .createHttpServer(tls(certificates).setUseAlpn(true))
            .requestHandler(request -> {
              requests.add(request);
              request.response().setStatusCode(202).end();
            })
            .listen(0, "127.0.0.1")
            .await();
    try (Sending sending = new Sending(certificates.caFile())) {
      for (int i = 0; i < 3; i++) {
        assertThat(sending.send(config(server.actualPort()), 1))
            .isEqualTo(new AttemptResult.Accepted(202));
      }
      assertThat(requests).extracting(HttpServerRequest::version).containsOnly(HttpVersion.HTTP_2);
      assertThat(requests)
          .extracting(HttpServerRequest::connection)
          .containsOnly(Objects.requireNonNull(requests.peek()).connection());
      assertThat(requests)
          .allSatisfy(request -> {
            assertThat(request.getHeader("x-tenant")).isEqualTo("blue");
            assertThat(request.getHeader("webhook-id")).isEqualTo("00000000004j7");
          });
      var _ = sending.sent(config(server.actualPort()), new SendReason.Replay("0abc"));
      var _ = sending.sent(config(server.actualPort()), new SendReason.Test());
      assertThat(requests)
          .extracting(
              request -> request.getHeader("webhook-replay"),
              request -> request.getHeader("webhook-test"))
          .endsWith(tuple(null, null), tuple("0abc", null), tuple(null, "true"));
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void whyARequestIsMadeStandsInItsHead() throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint =
            RawEndpoint.tls(
                certificates.good(), text("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"))) {
      SendReason replay = new SendReason.Replay("0abc");
      assertThat(sending.sent(config(endpoint.port()), replay).detail().requestHead())
          .contains(new HeaderField("webhook-replay", "0abc", false));
      assertThat(endpoint.requests().getFirst()).contains("\r\nwebhook-replay: 0abc\r\n");
    }
  }

  @Test
  void theTraceStandsInTheHeadUnlessTheCustomerHasOne() throws Exception {
    Certificates certificates = Certificates.in(directory);
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint =
            RawEndpoint.tls(
                certificates.good(), text("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"))) {
      assertThat(sending.traced(config(endpoint.port()), trace).detail().requestHead())
          .contains(new HeaderField("traceparent", trace, false));
      assertThat(endpoint.requests().getFirst()).contains("\r\ntraceparent: " + trace + "\r\n");
      List<HeaderParameter> headers =
          List.of(new HeaderParameter("TraceParent", Secret.of("mine"), false));
      var _ =
          sending.traced(
              Sending.config("127.0.0.1", endpoint.port(), new EndpointAuth.None(), headers),
              trace);
      assertThat(endpoint.requests().getLast())
          .contains("\r\nTraceParent: mine\r\n")
          .doesNotContain(trace);
    }
  }

  @Test
  void anIpv6AddressStandsInBracketsAndInItsCertificate() throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile(), "::1/128");
        RawEndpoint endpoint = RawEndpoint.tlsV6(certificates.goodV6(), text(NO_CONTENT));
        RawEndpoint other = RawEndpoint.tlsV6(certificates.good(), text(NO_CONTENT))) {
      WebhookConfig config = Sending.config("::1", endpoint.port());
      assertThat(sending.send(config, 1)).isEqualTo(new AttemptResult.Accepted(204));
      assertThat(endpoint.requests().getFirst())
          .contains("\r\nhost: [::1]:" + endpoint.port() + "\r\n");
      assertThat(failure(sending.send(Sending.config("::1", other.port()), 1)))
          .isEqualTo(AttemptFailure.TLS_NAME);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nx: y", "a\nb", "a\0b", "\u010d\u010a", "a\u007f"})
  void aHeaderThatWouldBreakTheRequestIsNeverSent(String value) throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint = RawEndpoint.tls(certificates.good(), text(NO_CONTENT))) {
      List<HeaderParameter> headers =
          List.of(new HeaderParameter("x-tenant", Secret.of(value), false));
      WebhookConfig config =
          Sending.config("127.0.0.1", endpoint.port(), new EndpointAuth.None(), headers);
      assertThat(failure(sending.send(config, 1))).isEqualTo(AttemptFailure.INTERNAL);
      assertThat(endpoint.requests()).isEmpty();
    }
  }

  @Test
  void anEndpointThatKnowsOnlyOldTlsIsRefused() throws Exception {
    Certificates certificates = Certificates.in(directory);
    Vertx vertx = Vertx.vertx();
    HttpServer server =
        vertx
            .createHttpServer(
                tls(certificates)
                    .setSslEngineOptions(new OpenSSLEngineOptions())
                    .setEnabledSecureTransportProtocols(Set.of("TLSv1.1")))
            .requestHandler(request -> request.response().end())
            .listen(0, "127.0.0.1")
            .await();
    try (Sending sending = new Sending(certificates.caFile())) {
      assertThat(failure(sending.send(server.actualPort()))).isEqualTo(AttemptFailure.TLS_PROTOCOL);
    } finally {
      vertx.close().await();
    }
  }

  private static @Nullable AttemptFailure failure(AttemptResult result) {
    return result instanceof AttemptResult.Retryable retryable ? retryable.failure() : null;
  }

  private static HttpServerOptions tls(Certificates certificates) throws Exception {
    var bundle = certificates.good();
    KeyCertOptions key =
        new PemKeyCertOptions()
            .setCertValue(Buffer.buffer(bundle.getCertificatePathPEM()))
            .setKeyValue(Buffer.buffer(bundle.getPrivateKeyPEM()));
    return new HttpServerOptions().setSsl(true).setKeyCertOptions(key);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          429, 120,                           120
          503, 7,                             7
          503, 'Tue, 24 Nov 2026 09:01:00 GMT', 60
          503, 'Tue, 24 Nov 2026 08:59:00 GMT', -1
          503, 1795510800,                    -1
          503, 99999999999,                   -1
          503, 'Tuesday, 24-Nov-26 09:01:00 GMT', 60
          503, 'Tue Nov 24 09:01:00 2026',    60
          503, 'Tue Nov 31 09:01:00 2026',    -1
          408, 120,                           120
          425, 120,                           120
          502, 120,                           120
          504, 120,                           120
          413, 120,                           120
          503, soon,                          -1
          503, -5,                            -1
          500, 120,                           120
          501, 120,                           -1
          """)
  void anEndpointMayAskToWait(int status, String retryAfter, long seconds) throws Exception {
    Certificates certificates = Certificates.in(directory);
    String answer =
        "HTTP/1.1 " + status + " X\r\nretry-after: " + retryAfter + "\r\ncontent-length: 0\r\n\r\n";
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint = RawEndpoint.tls(certificates.good(), text(answer))) {
      assertThat(sending.send(endpoint.port()))
          .isEqualTo(
              new AttemptResult.Retryable(
                  AttemptFailure.HTTP_STATUS,
                  status,
                  seconds < 0 ? null : Duration.ofSeconds(seconds),
                  "HTTP " + status));
    }
  }
}
