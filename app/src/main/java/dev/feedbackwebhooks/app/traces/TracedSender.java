package dev.feedbackwebhooks.app.traces;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A span for each attempt of a delivery whose trace is recorded; the request says that it is done
 * for that span. Of the URL, only host and port are told: path and query may hold what is secret.
 * Names are those of OpenTelemetry's semantic conventions for HTTP clients.
 */
final class TracedSender implements FeedbackSender {
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> HOST = AttributeKey.stringKey("server.address");
  private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<Long> ATTEMPT =
      AttributeKey.longKey("feedback_webhooks.attempt");

  private final FeedbackSender sender;
  private final Tracer tracer;

  TracedSender(FeedbackSender sender, Tracer tracer) {
    this.sender = sender;
    this.tracer = tracer;
  }

  @Override
  public CompletionStage<Sent> send(Post post) {
    TraceParent parent = post.payload().trace();
    if (parent == null || !parent.sampled()) {
      return sender.send(post);
    }
    Span span = begin(post, parent);
    Post traced =
        new Post(
            post.config(),
            post.id(),
            post.attempt(),
            post.payload().in(TraceContexts.at(span)),
            post.purpose());
    return sender.send(traced).whenComplete((sent, _) -> end(span, sent));
  }

  private Span begin(Post post, TraceParent parent) {
    return tracer
        .spanBuilder("deliver")
        .setParent(TraceContexts.under(parent))
        .setSpanKind(SpanKind.CLIENT)
        .setAttribute(METHOD, "POST")
        .setAttribute(HOST, post.config().url().host())
        .setAttribute(PORT, (long) post.config().url().port())
        .setAttribute(TracedIntake.DELIVERY, Delivery.name(post.config().scope(), post.id()))
        .setAttribute(ATTEMPT, (long) post.attempt())
        .startSpan();
  }

  private static void end(Span span, @Nullable Sent sent) {
    if (sent == null) {
      failed(span, 0, "internal");
    } else {
      describe(span, sent.result());
    }
    span.end();
  }

  private static void describe(Span span, AttemptResult result) {
    switch (result) {
      case AttemptResult.Accepted(int status) -> span.setAttribute(STATUS, (long) status);
      case AttemptResult.Refused refused ->
          failed(span, refused.httpStatus(), Integer.toString(refused.httpStatus()));
      case AttemptResult.Retryable retryable ->
          failed(span, retryable.httpStatus(), errorType(retryable));
    }
  }

  private static String errorType(AttemptResult.Retryable retryable) {
    return retryable.failure() == AttemptFailure.HTTP_STATUS
        ? Integer.toString(retryable.httpStatus())
        : retryable.failure().name().toLowerCase(Locale.ROOT);
  }

  private static void failed(Span span, int status, String error) {
    span.setAttribute(ERROR, error).setStatus(StatusCode.ERROR);
    if (status > 0) {
      span.setAttribute(STATUS, (long) status);
    }
  }
}
