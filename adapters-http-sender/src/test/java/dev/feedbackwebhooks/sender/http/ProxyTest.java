package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.*;
import static dev.feedbackwebhooks.sender.http.RawEndpoint.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.testing.ConnectProxy;
import dev.feedbackwebhooks.sender.egress.ProxySettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A proxy gets the address that was checked, and its misbehaviour is named as its own. */
@NullUnmarked
class ProxyTest {
  private static final String NAME = "hooks.example.com";
  private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";
  private static final AttemptResult DELIVERED = new AttemptResult.Accepted(204);

  @TempDir static Path directory;
  private static Certificates certificates;

  @BeforeAll
  static void open() throws Exception {
    certificates = Certificates.in(directory);
  }

  private static Sending by(String url) {
    return by(url, "127.0.0.0/8");
  }

  private static Sending by(String url, String range) {
    return new Sending(certificates.caFile(), range, Optional.of(ProxySettings.parse(url)));
  }

  @Test
  void anHttp1EndpointIsReachedByItsAddressAndKeepsItsName() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.start("");
        Sending sending = by("http://127.0.0.1:" + proxy.port());
        RawEndpoint endpoint = RawEndpoint.tls(certificates.named(NAME), text(NO_CONTENT))) {
      sending.namesLeadTo("127.0.0.1");
      for (int attempt = 1; attempt <= 2; attempt++) {
        assertThat(sending.send(Sending.config(NAME, endpoint.port()), attempt))
            .isEqualTo(DELIVERED);
      }
      assertThat(proxy.heads()).as("one tunnel is used again").hasSize(1);
      String authority = "127.0.0.1:" + endpoint.port();
      assertThat(proxy.heads().getFirst())
          .startsWith("CONNECT " + authority + " HTTP/1.1\r\n")
          .contains("host: " + authority + "\r\n")
          .doesNotContain(NAME, "authorization");
      assertThat(endpoint.requests().getFirst())
          .startsWith("POST /hook")
          .contains("host: " + NAME + ":" + endpoint.port() + "\r\n");
    }
  }

  @Test
  void anHttp2EndpointIsReachedTheSameWay() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.start("");
        Sending sending = by("http://127.0.0.1:" + proxy.port());
        Http2Endpoint endpoint =
            Http2Endpoint.start(certificates.named(NAME), post -> post.answer(204))) {
      sending.namesLeadTo("127.0.0.1");
      assertThat(sending.send(Sending.config(NAME, endpoint.port()), 1)).isEqualTo(DELIVERED);
      assertThat(endpoint.posts()).hasSize(1);
      assertThat(proxy.heads().getFirst()).startsWith("CONNECT 127.0.0.1:" + endpoint.port());
    }
  }

  @Test
  void anIpv6AddressIsInBracketsAndTheProxyMayHaveAName() throws Exception {
    try (RawEndpoint proxy = RawEndpoint.plain(text("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
        Sending sending = by("http://proxy.example.com:" + proxy.port(), "::1/128")) {
      sending.namesLeadTo("127.0.0.1");
      assertThat(failure(sending.send(Sending.config("::1", 8443), 1))).isEqualTo(PROXY_FAILED);
      assertThat(proxy.requests().getFirst()).startsWith("CONNECT [::1]:8443 HTTP/1.1\r\n");
    }
  }

  @Test
  void theProxyAloneGetsTheCredentials() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.start("us:er:p@ss");
        Sending wrong = by("http://user:s3cr3t@127.0.0.1:" + proxy.port());
        Sending right = by("http://us:er:p%40ss@127.0.0.1:" + proxy.port());
        RawEndpoint endpoint = RawEndpoint.tls(certificates.good(), text(NO_CONTENT))) {
      assertThat(wrong.send(endpoint.port()))
          .isEqualTo(
              new AttemptResult.Retryable(
                  PROXY_FAILED, 0, null, "the egress proxy answered HTTP 407"));
      assertThat(right.send(endpoint.port())).isEqualTo(DELIVERED);
      assertThat(endpoint.requests().getFirst()).doesNotContain("proxy");
    }
  }

  @Test
  void theGuardHoldsBeforeTheProxyAndNotForIt() throws Exception {
    try (RawEndpoint proxy = RawEndpoint.plain(text("HTTP/1.1 403 Forbidden\r\n\r\n"));
        Sending sending = by("http://127.0.0.1:" + proxy.port(), "10.0.0.7/32")) {
      sending.namesLeadTo("10.0.0.8");
      assertThat(failure(sending.send(Sending.config(NAME, 443), 1))).isEqualTo(EGRESS_FORBIDDEN);
      assertThat(failure(sending.send(Sending.config("127.0.0.1", 443), 1)))
          .isEqualTo(EGRESS_FORBIDDEN);
      assertThat(proxy.connections()).isZero();
      assertThat(failure(sending.send(Sending.config("10.0.0.7", 443), 1))).isEqualTo(PROXY_FAILED);
      assertThat(proxy.requests().getFirst()).startsWith("CONNECT 10.0.0.7:443 ");
    }
  }

  static Stream<Arguments> misbehaviour() {
    return Stream.of(
        says("407", PROXY_FAILED, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
        says("403 with a body", PROXY_FAILED, "HTTP/1.1 403 No\r\ncontent-length: 9\r\n\r\nx"),
        says("502", PROXY_FAILED, "HTTP/1.1 502 Bad Gateway\r\n\r\n"),
        says("a redirect", PROXY_FAILED, "HTTP/1.1 302 Found\r\nlocation: http://a/\r\n\r\n"),
        says("an interim answer", PROXY_FAILED, "HTTP/1.1 100 Continue\r\n\r\n"),
        says("garbage", PROXY_FAILED, "SSH-2.0-OpenSSH_9.6\r\n\r\n"),
        says("a header that is none", PROXY_FAILED, "HTTP/1.1 200 OK\r\n: x\r\n\r\n"),
        does("closes", PROXY_FAILED, out -> out.close()),
        does("resets", PROXY_FAILED, RawEndpoint.reset()),
        does(
            "half a head",
            PROXY_FAILED,
            out -> {
              text("HTTP/1.1 200").write(out);
              out.close();
            }),
        does("an endless head", PROXY_FAILED, endless("HTTP/1.1 200 OK\r\n", "a: b\r\n")),
        does("an endless line", PROXY_FAILED, endless("", "HTTP")),
        does("endless line breaks", PROXY_FAILED, endless("", "\r\n")));
  }

  static Stream<RawEndpoint.Answer> silence() {
    return Stream.of(
        _ -> Thread.currentThread().join(),
        out -> {
          text("HTTP/1.1 200 OK\r\n").write(out);
          while (true) {
            text("a: b\r\n").write(out);
            Thread.sleep(50);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("silence")
  void aProxyThatStallsOrDripsIsGivenUp(RawEndpoint.Answer answer) throws Exception {
    try (RawEndpoint proxy = RawEndpoint.plain(answer);
        Sending sending =
            Sending.withShortConnects(
                certificates.caFile(),
                Optional.of(ProxySettings.parse("http://127.0.0.1:" + proxy.port())))) {
      AttemptResult result = sending.send(8443);
      assertThat(failure(result)).as("%s", result).isEqualTo(PROXY_TIMEOUT);
      assertThat(((AttemptResult.Retryable) result).detail()).contains("egress proxy");
    }
  }

  private static Arguments says(String name, AttemptFailure expected, String answer) {
    return does(name, expected, text(answer));
  }

  private static Arguments does(String name, AttemptFailure expected, RawEndpoint.Answer answer) {
    return Arguments.argumentSet(name, expected, answer);
  }

  private static RawEndpoint.Answer endless(String first, String more) {
    return out -> {
      text(first).write(out);
      while (true) {
        text(more.repeat(1_000)).write(out);
      }
    };
  }

  @ParameterizedTest
  @MethodSource("misbehaviour")
  void aProxyThatMisbehavesIsNamed(AttemptFailure expected, RawEndpoint.Answer answer)
      throws Exception {
    try (RawEndpoint proxy = RawEndpoint.plain(answer);
        Sending sending = by("http://127.0.0.1:" + proxy.port())) {
      AttemptResult result = sending.send(8443);
      assertThat(failure(result)).as("%s", result).isEqualTo(expected);
      assertThat(((AttemptResult.Retryable) result).detail()).contains("egress proxy");
    }
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    try (Sending sending = by("http://127.0.0.1:" + port);
        Sending nameless = by("http://nowhere.example.com:3128")) {
      assertThat(failure(sending.send(8443))).isEqualTo(PROXY_FAILED);
      assertThat(failure(nameless.send(8443))).isEqualTo(PROXY_FAILED);
    }
  }

  @Test
  void whatTheEndpointDoesInTheTunnelIsTheEndpoints() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.start("");
        Sending sending = by("http://127.0.0.1:" + proxy.port());
        RawEndpoint other = RawEndpoint.tls(certificates.named(NAME), text(NO_CONTENT))) {
      assertThat(failure(sending.send(other.port()))).isEqualTo(TLS_NAME);
    }
  }

  private static AttemptFailure failure(AttemptResult result) {
    return result instanceof AttemptResult.Retryable retryable ? retryable.failure() : INTERNAL;
  }
}
