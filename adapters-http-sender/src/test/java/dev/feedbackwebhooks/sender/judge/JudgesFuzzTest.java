package dev.feedbackwebhooks.sender.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever an endpoint answers, or the client throws: it has a name, and quotes nothing. */
class JudgesFuzzTest {
  private static final String CANARY = "canary-7f3a";
  private static final List<Function<String, Throwable>> KINDS =
      List.of(
          CertificateExpiredException::new,
          CertificateException::new,
          CertPathBuilderException::new,
          CertPathValidatorException::new,
          ConnectTimeoutException::new,
          TimeoutException::new,
          ConnectException::new,
          text -> Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, text),
          PrematureChannelClosureException::new,
          SSLException::new,
          SocketException::new,
          IOException::new,
          DecoderException::new,
          IllegalArgumentException::new,
          Error::new,
          _ -> new IllegalStateException((String) null));

  private final ResponseJudge judge = new ResponseJudge(new SettableClock(Samples.NOW));

  @Property(tries = 2_000)
  void anyAnswerHasItsResult(
      @ForAll @IntRange(min = -1, max = 1_200) int status,
      @ForAll("retryAfters") Optional<String> retryAfter) {
    switch (judge.judge(status, retryAfter.orElse(null))) {
      case AttemptResult.Accepted(int code) -> assertThat(code).isBetween(200, 299);
      case AttemptResult.Refused refused -> {
        assertThat(status).isBetween(400, 499).isNotIn(401, 403, 408, 425, 429);
        assertThat(refused.gone()).isEqualTo(status == 410);
        assertThat(refused.detail()).isEqualTo("HTTP " + status);
      }
      case AttemptResult.Retryable retryable -> checkRetryable(status, retryable);
    }
  }

  private static void checkRetryable(int status, AttemptResult.Retryable result) {
    assertThat(status < 200 || status >= 300).isTrue();
    assertThat(result.httpStatus()).isEqualTo(status);
    assertThat(result.failure() == AttemptFailure.REDIRECT)
        .isEqualTo(status >= 300 && status < 400);
    assertThat(result.detail()).startsWith("HTTP " + status).hasSizeLessThan(100);
    Duration hint = result.retryAfter();
    if (hint != null) {
      assertThat(status).isIn(408, 413, 425, 429, 500, 502, 503, 504);
      assertThat(hint).isBetween(Duration.ZERO, Duration.ofDays(3_000_000));
    }
  }

  @Property(tries = 1_000)
  void anyFailureHasANameAndQuotesNothing(
      @ForAll("kinds") List<Function<String, Throwable>> kinds, @ForAll("words") String words) {
    Throwable failure = new IllegalStateException(words + CANARY);
    for (Function<String, Throwable> kind : kinds) {
      Throwable outer = kind.apply(words + CANARY);
      if (outer.getCause() == null) {
        failure = caused(outer, failure);
      }
    }
    assertThat(FailureJudge.judge(failure))
        .isInstanceOfSatisfying(
            AttemptResult.Retryable.class,
            result -> {
              assertThat(result.httpStatus()).isZero();
              assertThat(result.retryAfter()).isNull();
              assertThat(result.detail()).isNotEmpty().doesNotContain(CANARY);
            });
  }

  private static Throwable caused(Throwable outer, Throwable cause) {
    try {
      return outer.initCause(cause);
    } catch (IllegalStateException _) {
      // It has none for good.
      return outer;
    }
  }

  @Provide
  Arbitrary<Optional<String>> retryAfters() {
    return Arbitraries.oneOf(
            Arbitraries.of(
                "0",
                "1",
                " 120 ",
                "-1",
                "1.5",
                "999999999",
                "1000000000",
                "9".repeat(5_000),
                "١٢",
                "Tue, 24 Nov 2026 09:01:00 GMT",
                "Tue, 24 Nov 2026 08:00:00 GMT",
                "Fri, 31 Dec 9999 23:59:59 GMT",
                "Mon, 24 Nov 2026 09:01:00 GMT",
                "Tue, 24 Nov 2026 09:01:00 +9999",
                "Tue, 24 Nov 2026 24:00:00 GMT",
                ""),
            Arbitraries.strings().ofMaxLength(30),
            Arbitraries.strings().numeric().ofMaxLength(25))
        .optional();
  }

  @Provide
  Arbitrary<List<Function<String, Throwable>>> kinds() {
    return Arbitraries.of(KINDS).list().ofMaxSize(25);
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.of(
        "",
        "Connection refused ",
        "reset ",
        "broken pipe ",
        "protocol_version ",
        "No name matching ",
        "handshake_failure ");
  }
}
