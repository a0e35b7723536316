package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.HTTP2_ERROR;
import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2 with endpoints that speak it well, badly, and as a weapon. */
@NullUnmarked
class Http2EndpointsTest {
  private static final AttemptResult NO_CONTENT = new AttemptResult.Accepted(204);

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

  private static Http2Endpoint endpoint(Http2Endpoint.Answer answer) throws Exception {
    return Http2Endpoint.start(certificates.good(), answer);
  }

  @Test
  void manyPostsAreUnderWayOnOneConnection() throws Exception {
    List<Http2Endpoint.Post> held = new ArrayList<>();
    try (Http2Endpoint endpoint =
        endpoint(post -> {
          held.add(post);
          if (held.size() == 20) {
            held.forEach(one -> one.answer(204));
          }
        })) {
      assertThat(sendAll(endpoint, 20)).hasSize(20).containsOnly(NO_CONTENT);
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  private static List<AttemptResult> sendAll(Http2Endpoint endpoint, int count) throws Exception {
    List<CompletionStage<AttemptResult>> begun = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      begun.add(sending.begin(endpoint.port()));
    }
    List<AttemptResult> results = new ArrayList<>();
    for (CompletionStage<AttemptResult> one : begun) {
      results.add(Sending.result(one));
    }
    return results;
  }

  @Test
  void anEndpointThatAllowsOneStreamGetsMoreConnectionsOneAfterTheOther() throws Exception {
    try (Http2Endpoint endpoint =
        Http2Endpoint.start(
            certificates.good(),
            Http2Settings.defaultSettings().maxConcurrentStreams(1),
            post -> post.answer(204))) {
      assertThat(sendAll(endpoint, 40)).hasSize(40).containsOnly(NO_CONTENT);
      assertThat(endpoint.connections()).isBetween(1, 40);
    }
  }

  @Test
  void anEndpointThatAllowsNoStreamAtAllIsNotAskedAgainAndAgain() throws Exception {
    try (Http2Endpoint endpoint =
        Http2Endpoint.start(
            certificates.good(),
            Http2Settings.defaultSettings().maxConcurrentStreams(0),
            post -> post.answer(204))) {
      assertThat(sendAll(endpoint, 10))
          .extracting(result -> ((AttemptResult.Retryable) result).failure())
          .containsOnly(HTTP2_ERROR);
      assertThat(endpoint.connections()).isLessThanOrEqualTo(10);
    }
  }

  @Test
  void trailersAreTheEndOfAnAnswerLikeAnyOther() throws Exception {
    try (Http2Endpoint endpoint = endpoint(post -> post.answerWithTrailers(200))) {
      assertThat(sendAll(endpoint, 3)).containsOnly(new AttemptResult.Accepted(200));
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  @Test
  void interimHeadsAreSkippedAndLongBodiesCutOffWithoutHarmToTheConnection() throws Exception {
    try (Http2Endpoint endpoint =
        endpoint(post -> {
          post.interim(103);
          post.answer(200, new byte[1 << 20]);
        })) {
      for (int i = 0; i < 10; i++) {
        assertThat(sending.send(endpoint.port())).isEqualTo(new AttemptResult.Accepted(200));
      }
      assertThat(endpoint.connections()).isEqualTo(1);
    }
  }

  @Test
  void aStreamThatIsResetFailsAlone() throws Exception {
    try (Http2Endpoint endpoint = endpoint(post -> post.reset(Http2Error.INTERNAL_ERROR))) {
      List<AttemptResult> results = sendAll(endpoint, 3);
      assertThat(results).extracting(Http2EndpointsTest::failure).containsOnly(HTTP2_ERROR);
      assertThat(endpoint.connections()).isEqualTo(1);
      assertThat(endpoint.posts()).hasSize(3);
    }
  }

  @Test
  void whatAGoAwayLeavesBehindFailsAndWhatComesNextGoesOverAnotherConnection() throws Exception {
    try (Http2Endpoint endpoint =
        endpoint(post -> {
          if (post.connection() == 1) {
            post.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            var _ = post.ctx().close();
          } else {
            post.answer(204);
          }
        })) {
      assertThat(failure(sending.send(endpoint.port()))).isEqualTo(HTTP2_ERROR);
      assertThat(sending.send(endpoint.port())).isEqualTo(NO_CONTENT);
      assertThat(endpoint.connections()).isEqualTo(2);
    }
  }

  @Test
  void aConnectionThatGoesAwayAsItIsUsedAgainCostsNoAttempt() throws Exception {
    AtomicBoolean answered = new AtomicBoolean();
    try (Http2Endpoint endpoint =
        endpoint(post -> {
          if (answered.compareAndSet(false, true) || post.connection() == 2) {
            post.answer(204);
          } else {
            var _ = post.ctx().channel().pipeline().firstContext().close();
          }
        })) {
      assertThat(sending.send(endpoint.port())).isEqualTo(NO_CONTENT);
      assertThat(sending.send(endpoint.port())).isEqualTo(NO_CONTENT);
      assertThat(endpoint.posts()).hasSize(3);
    }
  }

  static Stream<Arguments> floods() {
    return Stream.of(
        flood("SETTINGS", post -> post.write(new DefaultHttp2SettingsFrame(new Http2Settings()))),
        flood("PING", post -> post.write(new DefaultHttp2PingFrame(7))),
        flood("1xx", post -> post.interim(103)));
  }

  private static Arguments flood(String name, Consumer<Http2Endpoint.Post> frame) {
    return Arguments.argumentSet(name, frame);
  }

  @ParameterizedTest
  @MethodSource("floods")
  void aFloodEndsItsConnectionAndNoOther(Consumer<Http2Endpoint.Post> frame) throws Exception {
    try (Http2Endpoint good = endpoint(post -> post.answer(204));
        Http2Endpoint flooding =
            endpoint(post -> {
              for (int i = 0; i < 50_000; i++) {
                frame.accept(post);
              }
            })) {
      assertThat(sending.send(good.port())).isEqualTo(NO_CONTENT);
      CompletionStage<AttemptResult> flooded = sending.begin(flooding.port());
      assertThat(sendAll(good, 20)).containsOnly(NO_CONTENT);
      assertThat(failure(Sending.result(flooded))).isEqualTo(HTTP2_ERROR);
      assertThat(good.connections()).isEqualTo(1);
    }
  }

  @Test
  void anEndpointThatTakesNoBodyTimesOutAndSlowsNobodyElse() throws Exception {
    try (Sending impatient = Sending.withShortAttempts(certificates.caFile());
        Http2Endpoint good = endpoint(post -> post.answer(204));
        Http2Endpoint closed =
            Http2Endpoint.start(
                certificates.good(),
                Http2Settings.defaultSettings().initialWindowSize(0),
                post -> post.answer(204))) {
      CompletionStage<AttemptResult> stuck = sending.begin(closed.port());
      assertThat(sendAll(good, 20)).containsOnly(NO_CONTENT);
      assertThat(stuck.toCompletableFuture()).isNotDone();
      assertThat(failure(impatient.send(closed.port()))).isEqualTo(TIMEOUT);
    }
  }

  private static AttemptFailure failure(AttemptResult result) {
    return result instanceof AttemptResult.Retryable retryable
        ? retryable.failure()
        : AttemptFailure.INTERNAL;
  }

  @Test
  void anEndpointThatChoosesHttp2AndSpeaksHttp1IsKnownForIt() throws Exception {
    String answer = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
    try (RawEndpoint endpoint =
        RawEndpoint.choosing("h2", certificates.good(), RawEndpoint.text(answer))) {
      assertThat(sending.send(endpoint.port()))
          .isInstanceOfSatisfying(
              AttemptResult.Retryable.class,
              result -> {
                assertThat(result.failure()).isEqualTo(AttemptFailure.HTTP2_ERROR);
                assertThat(result.detail()).contains("answers in HTTP/1.1");
              });
    }
  }
}
