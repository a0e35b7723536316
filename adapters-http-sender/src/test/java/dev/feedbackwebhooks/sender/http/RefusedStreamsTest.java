package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.HTTP2_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an endpoint says it has not looked at costs no attempt (RFC 9113 section 8.7). */
@NullUnmarked
class RefusedStreamsTest {
  @TempDir Path directory;
  private Certificates certificates;

  @BeforeEach
  void open() throws Exception {
    certificates = Certificates.in(directory);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal("REFUSED_STREAM", post -> post.reset(Http2Error.REFUSED_STREAM)),
        refusal(
            "GOAWAY",
            // The last stream that it has looked at is 0: none.
            post -> post.raw(new byte[] {0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})));
  }

  private static Arguments refusal(String name, Consumer<Http2Endpoint.Post> refuse) {
    return Arguments.argumentSet(name, refuse);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void areSentAgainUntilOneIsTaken(Consumer<Http2Endpoint.Post> refuse) throws Exception {
    AtomicInteger refused = new AtomicInteger();
    try (Sending sending = new Sending(certificates.caFile());
        Http2Endpoint endpoint =
            Http2Endpoint.start(
                certificates.good(),
                post -> {
                  if (refused.incrementAndGet() <= 5) {
                    refuse.accept(post);
                  } else {
                    post.answer(204);
                  }
                })) {
      assertThat(sending.send(endpoint.port())).isEqualTo(new AttemptResult.Accepted(204));
      assertThat(endpoint.posts()).hasSize(6);
      assertThat(endpoint.connections()).isGreaterThan(2);
    }
  }

  @Test
  void whatIsRefusedAsLongAsTheAttemptLastsSaysSo() throws Exception {
    try (Sending sending = Sending.withShortAttempts(certificates.caFile());
        Http2Endpoint endpoint =
            Http2Endpoint.start(
                certificates.good(), post -> post.reset(Http2Error.REFUSED_STREAM))) {
      AttemptResult.Retryable result = (AttemptResult.Retryable) sending.send(endpoint.port());
      // One whose time ends during a handshake, or before the refusal came, is none of these.
      for (int i = 0; i < 20 && result.failure() != HTTP2_ERROR; i++) {
        result = (AttemptResult.Retryable) sending.send(endpoint.port());
      }
      assertThat(result.failure()).isEqualTo(HTTP2_ERROR);
      assertThat(result.detail()).startsWith("the endpoint refused the stream ").endsWith(" times");
    }
  }
}
