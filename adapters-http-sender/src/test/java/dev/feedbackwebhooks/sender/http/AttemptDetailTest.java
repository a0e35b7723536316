package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptDetail.Timing.ABSENT;
import static dev.feedbackwebhooks.sender.http.RawEndpoint.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.HeaderField;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.key.Secret;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of an attempt, however far it came. */
@NullUnmarked
class AttemptDetailTest {
  private static final String SECRET = "s3cr3t-of-some-length";

  @TempDir static Path directory;
  private static Certificates certificates;
  private static Sending sending;

  @BeforeAll
  static void open() throws Exception {
    certificates = Certificates.in(directory);
    sending = new Sending(certificates.caFile());
  }

  @AfterAll
  static void close() {
    sending.close();
  }

  private static AttemptDetail detail(int port) throws Exception {
    return sending.sent(config(port), 1).detail();
  }

  private static WebhookConfig config(int port) {
    return Sending.config(
        "127.0.0.1",
        port,
        new EndpointAuth.None(),
        List.of(new HeaderParameter("x-key", Secret.of(SECRET), true)));
  }

  @Test
  void aLongBodyIsCutAndASecretAcrossTheCutIsMasked() throws Exception {
    String body = "a".repeat(AttemptDetail.MOST_BODY_BYTES - 5) + SECRET + "b".repeat(1_000);
    String answer = "HTTP/1.1 500 Oops\r\nSet-Cookie: id=1\r\nX-Echo: <" + SECRET + ">\r\n";
    try (RawEndpoint endpoint =
        RawEndpoint.tls(
            certificates.good(),
            text(answer + "Content-Length: " + body.length() + "\r\n\r\n" + body))) {
      AttemptDetail detail = detail(endpoint.port());

      assertThat(detail.responseBody()).isEqualTo("a".repeat(2_043) + "***");
      assertThat(detail.responseBodyCut()).isTrue();
      assertThat(detail.responseHead())
          .contains(
              new HeaderField("Set-Cookie", "", true), new HeaderField("X-Echo", "<***>", false));
      assertThat(detail.requestHead()).contains(new HeaderField("x-key", "", true));
      assertThat(detail.protocol()).isEqualTo("http/1.1");
      assertThat(detail.connectionReused()).isFalse();
    }
  }

  @Test
  void aSecretThatIsEchoedOverAndOverIsMaskedUpToTheCut() throws Exception {
    String body = SECRET.repeat(150);
    String answer = "HTTP/1.1 500 Oops\r\n";
    try (RawEndpoint endpoint =
        RawEndpoint.tls(
            certificates.good(),
            text(answer + "Content-Length: " + body.length() + "\r\n\r\n" + body))) {
      assertThat(detail(endpoint.port()).responseBody()).isEqualTo("***");
    }
  }

  @Test
  void aSecretThatIsTheBeginningOfAnotherLeavesNothingOfIt() throws Exception {
    try (RawEndpoint endpoint =
        RawEndpoint.tls(
            certificates.good(),
            text("HTTP/1.1 500 Oops\r\nX-Echo: short-and-long\r\nContent-Length: 0\r\n\r\n"))) {
      WebhookConfig config =
          Sending.config(
              "127.0.0.1",
              endpoint.port(),
              new EndpointAuth.None(),
              List.of(
                  new HeaderParameter("x-a", Secret.of("short"), true),
                  new HeaderParameter("x-b", Secret.of("short-and-long"), true)));
      assertThat(sending.sent(config, 1).detail().responseHead())
          .contains(new HeaderField("X-Echo", "***", false));
    }
  }

  @Test
  void whatAuthorizesIsMaskedThoughItIsNotMarked() throws Exception {
    try (RawEndpoint endpoint =
        RawEndpoint.tls(
            certificates.good(),
            text("HTTP/1.1 500 Oops\r\nX-Echo: dXNlcg==\r\nContent-Length: 0\r\n\r\n"))) {
      WebhookConfig config =
          Sending.config(
              "127.0.0.1",
              endpoint.port(),
              new EndpointAuth.None(),
              List.of(new HeaderParameter("Authorization", Secret.of("Basic dXNlcg=="), false)));
      AttemptDetail detail = sending.sent(config, 1).detail();

      assertThat(detail.requestHead()).contains(new HeaderField("Authorization", "", true));
      assertThat(detail.responseHead()).contains(new HeaderField("X-Echo", "***", false));
    }
  }

  @Test
  void ofALongHeadNoMoreThanFourKibibytesAreKept() throws Exception {
    String line = "X-Long: " + "v".repeat(600) + "\r\n";
    try (RawEndpoint endpoint =
        RawEndpoint.tls(
            certificates.good(),
            text("HTTP/1.1 204 Fine\r\n" + line.repeat(10) + "Content-Length: 0\r\n\r\n"))) {
      assertThat(detail(endpoint.port()).responseHead())
          .hasSize(7)
          .allSatisfy(field -> assertThat(field.value()).hasSize(512));
    }
  }

  @Test
  void overHttp2TheFirstAttemptHasTheTimesOfTheConnectionAndTheNextHasNot() throws Exception {
    try (Http2Endpoint endpoint =
        Http2Endpoint.start(certificates.good(), post -> post.answer(204))) {
      AttemptDetail first = detail(endpoint.port());
      AttemptDetail second = detail(endpoint.port());

      assertThat(first.protocol()).isEqualTo("h2");
      assertThat(first.address()).isEqualTo("127.0.0.1:" + endpoint.port());
      assertThat(first.connectionReused()).isFalse();
      assertThat(first.timing().connect()).isNotNegative();
      assertThat(first.timing().tls()).isPositive();
      assertThat(first.timing().total())
          .isGreaterThanOrEqualTo(first.timing().tls() + first.timing().firstByte());
      assertThat(first.requestHead()).as("of one that was accepted").isEmpty();
      assertThat(second.connectionReused()).isTrue();
      assertThat(second.timing().connect()).isEqualTo(ABSENT);
      assertThat(second.timing().tls()).isEqualTo(ABSENT);
      assertThat(second.timing().firstByte()).isPositive();
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsMetAfterTheConnection() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.tls(Certificates.selfSigned(), text(""))) {
      AttemptDetail detail = detail(endpoint.port());

      assertThat(detail.timing().connect()).isNotNegative();
      assertThat(detail.timing().tls()).isEqualTo(ABSENT);
      assertThat(detail.protocol()).isNull();
      assertThat(detail.requestHead()).isEmpty();
    }
  }

  @Test
  void whereNobodyListensTheAddressIsTold() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    AttemptDetail detail = detail(port);

    assertThat(detail.address()).isEqualTo("127.0.0.1:" + port);
    assertThat(detail.timing().connect()).isEqualTo(ABSENT);
    assertThat(detail.timing().total()).isNotNegative();
  }
}
