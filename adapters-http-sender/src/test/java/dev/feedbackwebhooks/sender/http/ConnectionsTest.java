package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.CONNECTION_CLOSED;
import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.TIMEOUT;
import static dev.feedbackwebhooks.sender.http.RawEndpoint.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When an HTTP/1.1 connection is used again, and when it must not be. */
@NullUnmarked
class ConnectionsTest {
  private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

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

  private static int connectionsOfThree(String answer) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.tls(certificates.good(), text(answer))) {
      for (int attempt = 1; attempt <= 3; attempt++) {
        assertThat(sending.send(endpoint.port())).isInstanceOf(AttemptResult.Accepted.class);
      }
      assertThat(endpoint.requests()).hasSize(3);
      return endpoint.connections();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        NO_CONTENT,
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nend: now\r\n\r\n",
        "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok"
      })
  void aConnectionIsUsedAgainAfterAWholeAnswer(String answer) throws Exception {
    assertThat(connectionsOfThree(answer)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
        NO_CONTENT + "x",
        "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n",
        NO_CONTENT + "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more"
      })
  void aConnectionIsClosedIfTheEndpointWantsItOrSaidTooMuch(String answer) throws Exception {
    assertThat(connectionsOfThree(answer)).isEqualTo(3);
  }

  @Test
  void aKeptConnectionThatTurnsOutClosedCostsNoAttemptButANewOneDoes() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    try (RawEndpoint endpoint =
        RawEndpoint.tls(
            certificates.good(),
            out -> {
              if (requests.incrementAndGet() == 2 || requests.get() >= 4) {
                out.close();
              } else {
                text(NO_CONTENT).write(out);
              }
            })) {
      assertThat(sending.send(endpoint.port())).isEqualTo(new AttemptResult.Accepted(204));
      assertThat(sending.send(endpoint.port())).isEqualTo(new AttemptResult.Accepted(204));
      assertThat(endpoint.requests()).hasSize(3);
      assertThat(failure(sending.send(endpoint.port()))).isEqualTo(CONNECTION_CLOSED);
      assertThat(endpoint.requests()).as("once more, and no more").hasSize(5);
    }
  }

  @Test
  void aConnectionThatEndsItsAnswerByClosingGetsNoOtherExchange() throws Exception {
    try (RawEndpoint endpoint =
        RawEndpoint.tls(
            certificates.good(),
            out -> {
              text("HTTP/1.1 200 OK\r\n\r\nok").write(out);
              out.close();
            })) {
      List<CompletionStage<AttemptResult>> begun = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        begun.add(sending.begin(endpoint.port()));
      }
      for (CompletionStage<AttemptResult> one : begun) {
        assertThat(Sending.result(one)).isEqualTo(new AttemptResult.Accepted(200));
      }
      assertThat(endpoint.requests()).hasSize(100);
    }
  }

  @Test
  void aConnectionWhoseExchangeTimedOutIsNotUsedAgain() throws Exception {
    CountDownLatch timedOut = new CountDownLatch(1);
    AtomicInteger requests = new AtomicInteger();
    try (Sending impatient = Sending.withShortAttempts(certificates.caFile());
        RawEndpoint endpoint =
            RawEndpoint.tls(
                certificates.good(),
                out -> {
                  boolean first = requests.incrementAndGet() == 1;
                  timedOut.await();
                  text(first ? "HTTP/1.1 201 Created\r\n\r\n" : NO_CONTENT).write(out);
                })) {
      assertThat(failure(impatient.send(endpoint.port()))).isEqualTo(TIMEOUT);
      timedOut.countDown();
      AttemptResult next = impatient.send(endpoint.port());
      // On a slow machine this one may time out as well.
      for (int i = 0; i < 20 && failure(next) == TIMEOUT; i++) {
        next = impatient.send(endpoint.port());
      }
      assertThat(next).as("not the late answer").isEqualTo(new AttemptResult.Accepted(204));
      assertThat(endpoint.connections()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void aConnectionIsKeptHoweverLongItsAnswerTook() throws Exception {
    try (RawEndpoint endpoint =
        RawEndpoint.tls(
            certificates.good(),
            out -> {
              // Longer than the time between two looks at what is unused.
              Thread.sleep(1_100);
              text(NO_CONTENT).write(out);
            })) {
      assertThat(sending.send(endpoint.port())).isEqualTo(new AttemptResult.Accepted(204));
      assertThat(sending.send(endpoint.port())).isEqualTo(new AttemptResult.Accepted(204));
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  private static AttemptFailure failure(AttemptResult result) {
    return result instanceof AttemptResult.Retryable retryable
        ? retryable.failure()
        : AttemptFailure.INTERNAL;
  }
}
