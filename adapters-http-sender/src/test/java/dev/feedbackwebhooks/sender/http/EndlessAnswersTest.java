package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.MALFORMED_RESPONSE;
import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.TLS_PROTOCOL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/1.1 answers that do not end: how much is taken of them, and that nothing stays open. */
@NullUnmarked
class EndlessAnswersTest {
  /** What is read before the end, and what the two kernels hold meanwhile. */
  private static final long MOST_TAKEN_BYTES = 8 << 20;

  private static final long FAR_TOO_MANY_BYTES = 64 << 20;
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

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
    String long1 = "y".repeat(1_000);
    AttemptResult accepted = new AttemptResult.Accepted(200);
    AttemptResult malformed = new AttemptResult.Retryable(MALFORMED_RESPONSE, 0, null, "");
    return Stream.of(
        endless(
            "a body of known, huge length",
            accepted,
            "HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n",
            long1),
        endless("a body until the connection ends", accepted, "HTTP/1.1 200 OK\r\n\r\n", long1),
        endless("chunks", accepted, CHUNKED, "3e8\r\n" + long1 + "\r\n"),
        endless("chunks of a byte", accepted, CHUNKED, "1\r\nx\r\n"),
        endless("a chunk extension", malformed, CHUNKED + "1;", long1),
        endless("trailers", malformed, CHUNKED + "0\r\n", "a: " + long1 + "\r\n"),
        endless("a status line", malformed, "HTTP/1.1 200 ", long1),
        endless("a header line", malformed, "HTTP/1.1 200 OK\r\na: ", long1),
        endless("header lines", malformed, "HTTP/1.1 200 OK\r\n", "a: b\r\n"),
        endless("1xx answers", malformed, "", "HTTP/1.1 103 Hints\r\nlink: a\r\n\r\n"),
        endless("empty lines before the status", malformed, "", "\r\n"),
        endless("garbage", malformed, "", "\u0000\u00ff garbage"));
  }

  private static Arguments endless(String name, AttemptResult expected, String once, String again) {
    return Arguments.argumentSet(name, expected, once, again);
  }

  @ParameterizedTest
  @MethodSource("answers")
  void withoutEndAreCutOffAfterFewBytesAndTheSocketIsClosed(
      AttemptResult expected, String once, String again) throws Exception {
    AtomicLong taken = new AtomicLong();
    AtomicBoolean closed = new AtomicBoolean();
    try (RawEndpoint endpoint =
        RawEndpoint.tls(
            certificates.good(),
            out -> {
              try {
                RawEndpoint.text(once).write(out);
                writeForever(out, again, taken);
              } catch (IOException e) {
                closed.set(true);
                throw e;
              }
            })) {
      assertThat(withoutDetail(sending.send(endpoint.port()))).isEqualTo(expected);
      await().atMost(Duration.ofMinutes(1)).untilTrue(closed);
      assertThat(taken.get()).isLessThan(MOST_TAKEN_BYTES);
    }
  }

  private static void writeForever(OutputStream out, String text, AtomicLong taken)
      throws IOException {
    byte[] lot =
        text.repeat(Math.max(1, 16_000 / text.length())).getBytes(StandardCharsets.ISO_8859_1);
    while (taken.addAndGet(lot.length) < FAR_TOO_MANY_BYTES) {
      out.write(lot);
    }
  }

  /** Decompressed it would be more than is read of a body, which ends the connection. */
  @Test
  void aGzipBombIsNotDecompressedAndItsConnectionIsUsedAgain() throws Exception {
    byte[] bomb = gzip(4 << 20);
    assertThat(bomb.length).isLessThan(16 * 1024);
    try (RawEndpoint endpoint =
        RawEndpoint.tls(
            certificates.good(),
            out -> {
              RawEndpoint.text(
                      "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: "
                          + bomb.length
                          + "\r\n\r\n")
                  .write(out);
              out.write(bomb);
            })) {
      for (int i = 0; i < 3; i++) {
        assertThat(sending.send(endpoint.port())).isEqualTo(new AttemptResult.Accepted(200));
      }
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  private static byte[] gzip(int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(new byte[zeros]);
    }
    return bytes.toByteArray();
  }

  static Stream<Arguments> oldTls() {
    String hello = "\u0016\u0003\u0001\u0000*\u0002\u0000\u0000&\u0003\u0001";
    return Stream.of(
        Arguments.argumentSet(
            "says that it knows no such version", "\u0015\u0003\u0001\u0000\u0002\u0002F"),
        Arguments.argumentSet(
            "answers with a hello of TLS 1.0", hello + "r".repeat(32) + "\u0000\u0000/\u0000"));
  }

  @ParameterizedTest
  @MethodSource("oldTls")
  void anEndpointThatKnowsOnlyTls10IsRefused(String bytes) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.greeting(bytes)) {
      assertThat(withoutDetail(sending.send(endpoint.port())))
          .isEqualTo(new AttemptResult.Retryable(TLS_PROTOCOL, 0, null, ""));
    }
  }

  private static AttemptResult withoutDetail(AttemptResult result) {
    return result instanceof AttemptResult.Retryable(var failure, int status, var hint, _)
        ? new AttemptResult.Retryable(failure, status, hint, "")
        : result;
  }
}
