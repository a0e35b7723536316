package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.*;
import static dev.feedbackwebhooks.sender.http.RawEndpoint.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.sender.http.RawEndpoint.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each misbehaviour of an endpoint gets: the table of docs/receivers.md and worse. */
@NullUnmarked
class HostileEndpointsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";

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

  static Stream<Arguments> answers() {
    return Stream.of(
        answer("no content", accepted(204), text("HTTP/1.1 204 No Content\r\n\r\n")),
        answer("202 with a body", accepted(202), text(status("202 Accepted") + "ok")),
        answer("redirect", retryable(REDIRECT, 302), elsewhere("302 Found")),
        answer("moved", retryable(REDIRECT, 301), elsewhere("301 Moved")),
        answer("see there", retryable(REDIRECT, 307), elsewhere("307 There")),
        answer("permanent redirect", retryable(REDIRECT, 308), elsewhere("308 Moved")),
        answer("bad request", refused(400), text(status("400 Bad Request") + "ok")),
        answer("not found", refused(404), text(status("404 Not Found") + "ok")),
        answer("gone", refused(410), text(status("410 Gone") + "ok")),
        answer("unprocessable", refused(422), text(status("422 Unprocessable") + "ok")),
        answer("unauthorized", retryable(HTTP_STATUS, 401), text(status("401 No") + "ok")),
        answer("forbidden", retryable(HTTP_STATUS, 403), text(status("403 No") + "ok")),
        answer("request timeout", retryable(HTTP_STATUS, 408), text(status("408 T") + "ok")),
        answer("too early", retryable(HTTP_STATUS, 425), text(status("425 Early") + "ok")),
        answer("too many", retryable(HTTP_STATUS, 429), text(status("429 Slow") + "ok")),
        answer("unavailable", retryable(HTTP_STATUS, 503), text(status("503 Busy") + "ok")),
        answer("server error", retryable(HTTP_STATUS, 500), text(status("500 Oops") + "ok")),
        answer("status 599", retryable(HTTP_STATUS, 599), text(status("599 What") + "ok")),
        answer("garbage", retryable(MALFORMED_RESPONSE, 0), text("!!garbage!!\r\n\r\n")),
        answer("plus", retryable(MALFORMED_RESPONSE, 0), text("HTTP/1.1 +200 OK\r\n\r\n")),
        answer("four digits", retryable(MALFORMED_RESPONSE, 0), text("HTTP/1.1 0200 OK\r\n\r\n")),
        answer("below", retryable(MALFORMED_RESPONSE, 0), text("HTTP/1.1 020 OK\r\n\r\n")),
        answer("two digits", retryable(MALFORMED_RESPONSE, 0), text("HTTP/1.1 20 OK\r\n\r\n")),
        answer(
            "Arabic digits",
            retryable(MALFORMED_RESPONSE, 0),
            text("HTTP/1.1 \u0662\u0660\u0660 OK\r\n\r\n")),
        answer("no status", retryable(MALFORMED_RESPONSE, 0), text("HTTP/1.1 abc OK\r\n\r\n")),
        answer(
            "a huge header",
            retryable(MALFORMED_RESPONSE, 0),
            text(OK + "x: " + "y".repeat(100_000) + "\r\n\r\n")),
        answer("resets", retryable(CONNECTION_RESET, 0), RawEndpoint.reset()),
        answer("switches protocols", retryable(HTTP_STATUS, 101), text(status("101 Up"))),
        answer(
            "1xx and then an answer",
            accepted(200),
            text("HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n" + status("200 OK") + "ok")),
        answer("hangs up", retryable(CONNECTION_CLOSED, 0), OutputStream::close),
        answer(
            "hangs up in the head",
            retryable(CONNECTION_CLOSED, 0),
            out -> {
              text(OK + "a: b").write(out);
              out.close();
            }),
        answer(
            "hangs up in the body",
            retryable(CONNECTION_CLOSED, 0),
            out -> {
              text(OK + "content-length: 100\r\n\r\nhalf").write(out);
              out.close();
            }),
        answer(
            "ten megabytes",
            accepted(200),
            out -> {
              text(OK + "content-length: 10485760\r\n\r\n").write(out);
              out.write(new byte[10 << 20]);
            }),
        answer(
            "a never-ending body",
            accepted(200),
            out -> {
              text(OK + "transfer-encoding: chunked\r\n\r\n").write(out);
              forever(out, "400\r\n" + "z".repeat(1024) + "\r\n", 1);
            }),
        answer(
            "a compressed bomb stays compressed",
            accepted(200),
            text(OK + "content-encoding: gzip\r\ncontent-length: 4\r\n\r\nbomb")),
        answer(
            "a flood of 1xx",
            retryable(MALFORMED_RESPONSE, 0),
            out -> flood(out, "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n")),
        answer(
            "a body all of framing",
            retryable(MALFORMED_RESPONSE, 0),
            out -> {
              text(OK + "transfer-encoding: chunked\r\n\r\n").write(out);
              flood(out, "1;" + "x".repeat(200) + "\r\na\r\n");
            }));
  }

  static Stream<Arguments> answersWithoutEnd() {
    return Stream.of(
        without("never answers", _ -> Thread.currentThread().join()),
        without(
            "a body that drips",
            out -> {
              text(OK + "content-length: 1000\r\n\r\n").write(out);
              forever(out, "x", 200);
            }),
        without(
            "a header now and then",
            out -> {
              text(OK).write(out);
              forever(out, "a: b\r\n", 200);
            }),
        without(
            "1xx without end",
            out -> forever(out, "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n", 20)));
  }

  private static Arguments without(String name, Answer answer) {
    return Arguments.argumentSet(name, answer);
  }

  private static Arguments answer(String name, AttemptResult expected, Answer answer) {
    return Arguments.argumentSet(name, expected, answer);
  }

  /** The connection is kept, so that a visit would be a second request on it. */
  private static Answer elsewhere(String line) {
    return text("HTTP/1.1 " + line + "\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n");
  }

  private static String status(String line) {
    return "HTTP/1.1 " + line + "\r\ncontent-length: 2\r\n\r\n";
  }

  /** As fast as it is read; ends once it is read no more. */
  private static void flood(OutputStream out, String text) throws IOException {
    byte[] lot = text.repeat(1_000).getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < 10_000; i++) {
      out.write(lot);
    }
    throw new IllegalStateException("it reads hundreds of megabytes");
  }

  private static void forever(OutputStream out, String text, int millis)
      throws IOException, InterruptedException {
    while (true) {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      Thread.sleep(millis);
    }
  }

  private static AttemptResult accepted(int status) {
    return new AttemptResult.Accepted(status);
  }

  private static AttemptResult refused(int status) {
    return new AttemptResult.Refused(status, "");
  }

  private static AttemptResult retryable(AttemptFailure failure, int status) {
    return new AttemptResult.Retryable(failure, status, null, "");
  }

  @ParameterizedTest
  @MethodSource("answers")
  void getsItsResultInTimeAndOneRequest(AttemptResult expected, Answer answer) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.tls(certificates.good(), answer)) {
      assertThat(withoutDetail(sending.send(endpoint.port()))).isEqualTo(expected);
      assertThat(endpoint.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          HTTP/1.1 200 OK|content-length: 0||,                             LF alone
          HTTP/1.1 200 OK~set-cookie: %~content-length: 0~~,               longer than 16 KiB
          HTTP/1.1 200 OK~set-cookie: &~set-cookie: &~set-cookie: &~~,     longer than 16 KiB
          HTTP/1.1 200 %~~,                                                status line is longer
          HTTP/1.1 200 OK~no-colon~~,                                      no colon
          HTTP/1.1 200 OK~a: b^c~~,                                      forbidden
          HTTP/1.1 200 OK~content-length: 1~content-length: 2~~ab,         several Content-Lengths
          HTTP/1.1 200 OK~content-length: ten~~,                           not a number
          HTTP/1.1 200 OK~transfer-encoding: chunked~~zz~~,                size of a chunk
          HTTP/1.1 200 OK~content-length: 2~transfer-encoding: chunked~~0~~, a Content-Length and
          HTTP/1.1 200 OK~content-length: -2~~,                            not a number
          HTTP/1.0 200 OK~transfer-encoding: chunked~~0~~,                 HTTP/1.0 does not know
          HTTP/1.1 20 OK~~,                                                not three digits
          ICY 200 OK~~,                                                    does not begin with
          RTSP/1.0 200 OK~content-length: 0~~,                             does not begin with
          HTTP/2 200 OK~content-length: 0~~,                               does not begin with
          <html>fine</html>~~,                                             does not begin with
          <html>fine</html>|,                                              does not begin with
          """)
  void whatIsWrongWithAnAnswerIsSaidWithoutItsWords(String answer, String what) throws Exception {
    String sent =
        answer
            .replace("%", "secret".repeat(4_000))
            .replace("&", "secret".repeat(1_000))
            .replace("^", "\0")
            .replace("|", "\n")
            .replace("~", "\r\n");
    try (RawEndpoint endpoint = RawEndpoint.tls(certificates.good(), text(sent))) {
      AttemptResult result = sending.send(endpoint.port());
      assertThat(failure(result)).as("%s", result).isEqualTo(MALFORMED_RESPONSE);
      assertThat(((AttemptResult.Retryable) result).detail())
          .contains(what)
          .hasSizeLessThan(200)
          .doesNotContain("secret");
    }
  }

  @ParameterizedTest
  @MethodSource("answersWithoutEnd")
  void whatNeverEndsIsGivenUpAfterTheTimeout(Answer answer) throws Exception {
    try (Sending impatient = Sending.withShortAttempts(certificates.caFile());
        RawEndpoint endpoint = RawEndpoint.tls(certificates.good(), answer)) {
      long start = System.nanoTime();
      assertThat(failure(impatient.send(endpoint.port()))).isEqualTo(TIMEOUT);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(Sending.SHORT_TIMEOUT);
      assertThat(endpoint.requests()).hasSizeLessThanOrEqualTo(1);
    }
  }

  private static AttemptResult withoutDetail(AttemptResult result) {
    return switch (result) {
      case AttemptResult.Accepted accepted -> accepted;
      case AttemptResult.Refused(int status, _) -> new AttemptResult.Refused(status, "");
      case AttemptResult.Retryable(var failure, int status, var hint, _) ->
          new AttemptResult.Retryable(failure, status, hint, "");
    };
  }

  @Test
  void badCertificatesAreToldApartAndNoRequestIsMade() throws Exception {
    assertHandshake(TLS_NAME, RawEndpoint.tls(certificates.named("other.example"), text("")));
    assertHandshake(TLS_EXPIRED, RawEndpoint.tls(certificates.expired(), text("")));
    assertHandshake(TLS_UNTRUSTED, RawEndpoint.tls(Certificates.selfSigned(), text("")));
  }

  @Test
  void whatSpeaksNoModernTlsIsRefused() throws Exception {
    assertHandshake(TLS_FAILED, RawEndpoint.greeting("HTTP/1.1 200 OK\r\n\r\n"));
    try (Sending impatient = Sending.withShortConnects(certificates.caFile(), Optional.empty());
        RawEndpoint silent = RawEndpoint.plain(_ -> Thread.currentThread().join())) {
      assertThat(failure(impatient.send(silent.port()))).isEqualTo(CONNECT_TIMEOUT);
    }
  }

  private static void assertHandshake(AttemptFailure expected, RawEndpoint endpoint)
      throws Exception {
    try (endpoint) {
      assertThat(failure(sending.send(endpoint.port()))).isEqualTo(expected);
      assertThat(endpoint.requests()).isEmpty();
    }
  }

  @Test
  void aPortThatNobodyListensAtIsAFailureOfItsOwn() throws Exception {
    try (Socket taken = new Socket()) {
      // Bound, so that nobody else gets the port, but not listening.
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertThat(failure(sending.send(taken.getLocalPort()))).isEqualTo(CONNECT_REFUSED);
    }
  }

  @Test
  void anEndpointThatStandsStillSlowsNobodyElse() throws Exception {
    try (RawEndpoint stuck =
            RawEndpoint.tls(certificates.good(), _ -> Thread.currentThread().join());
        RawEndpoint good =
            RawEndpoint.tls(certificates.good(), text("HTTP/1.1 204 No Content\r\n\r\n"))) {
      List<CompletionStage<AttemptResult>> waiting = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        waiting.add(sending.begin(stuck.port()));
      }
      assertThat(sending.send(good.port())).isEqualTo(accepted(204));
      assertThat(waiting).allSatisfy(one -> assertThat(one.toCompletableFuture()).isNotDone());
    }
  }

  private static AttemptFailure failure(AttemptResult result) {
    return result instanceof AttemptResult.Retryable retryable ? retryable.failure() : INTERNAL;
  }
}
