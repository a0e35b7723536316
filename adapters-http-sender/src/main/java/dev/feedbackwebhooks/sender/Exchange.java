package dev.feedbackwebhooks.sender;

import dev.feedbackwebhooks.domain.delivery.AttemptFailure;
import dev.feedbackwebhooks.domain.delivery.AttemptResult;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Sent;
import dev.feedbackwebhooks.domain.delivery.Purpose;
import io.netty.buffer.ByteBuf;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer; ended by its answer, a failure, or its time. All but {@link #result}
 * happens on its event loop. It knows nothing of HTTP's versions: those who carry it tell it what
 * came.
 */
final class Exchange {
  /** An answer's body is of no use to us: what is longer is cut off. */
  private static final int MOST_BODY_BYTES = 16 * 1024;

  /** Where an exchange is: waiting for a connection, or on one. */
  interface Place {
    /** The exchange is over before its answer was whole: what is left of it goes to nobody. */
    void leave(Exchange exchange);
  }

  private final Post post;
  private final ResponseJudge judge;
  private final SendingLoop loop;
  private final long begunAt = System.nanoTime();
  private final AttemptTrace trace = new AttemptTrace(begunAt);
  private final CompletableFuture<Sent> result = new CompletableFuture<>();
  private @Nullable Request request;
  private @Nullable EndpointPool pool;
  private @Nullable Place place;
  private boolean again;
  private int status;
  private @Nullable String retryAfter;
  private @Nullable Excerpt answer;
  private int bodyBytes;

  Exchange(Post post, ResponseJudge judge, SendingLoop loop) {
    this.post = post;
    this.judge = judge;
    this.loop = loop;
  }

  CompletableFuture<Sent> result() {
    return result;
  }

  Post post() {
    return post;
  }

  AttemptTrace trace() {
    return trace;
  }

  long begunAt() {
    return begunAt;
  }

  /** What is to be sent, once it is known. */
  Request request() {
    if (request == null) {
      throw new IllegalStateException("on a connection, without a request");
    }
    return request;
  }

  /** Waits for a connection of {@code endpoint}, or takes one, to send {@code ready}. */
  void sendTo(EndpointPool endpoint, Request ready) {
    pool = endpoint;
    request = ready;
    trace.sendsTo(endpoint, ready);
    endpoint.submit(this);
  }

  void isAt(Place now) {
    place = now;
  }

  /** The head of the final answer came. */
  void head(
      int answered,
      @Nullable CharSequence wait,
      Iterator<? extends Map.Entry<CharSequence, CharSequence>> fields) {
    status = answered;
    answer = trace.answered();
    answer.head(fields);
    retryAfter = wait == null ? null : wait.toString();
  }

  /** Whether the head of the final answer came. */
  boolean hasHead() {
    return status != 0;
  }

  /** A part of the body came. Answers whether there was so much that the exchange is over. */
  boolean body(ByteBuf part) {
    bodyBytes += part.readableBytes();
    if (answer != null) {
      answer.body(part);
    }
    if (bodyBytes <= MOST_BODY_BYTES) {
      return false;
    }
    end();
    return true;
  }

  /** The answer is whole, or as whole as it needs to be. */
  void end() {
    complete(judge.judge(status, retryAfter));
  }

  /**
   * Its connection ended under it.
   *
   * @param untouched whether the endpoint cannot have seen the request, or ended a connection that
   *     was idle as it was sent, which is nobody's fault: it is then sent once more
   */
  void lost(Throwable cause, boolean untouched) {
    if (untouched && !again && pool != null && !result.isDone()) {
      again = true;
      pool.submitAgain(this);
    } else {
      fail(cause);
    }
  }

  /** The connection that it waited for could not be made. */
  void unconnected(Throwable cause, ConnectionTimes times) {
    trace.unconnected(times);
    fail(cause);
  }

  void fail(Throwable cause) {
    complete(FailureJudge.judge(cause));
  }

  void timeOut() {
    Place last = place;
    fail(new ExchangeException(AttemptFailure.TIMEOUT));
    if (last != null) {
      last.leave(this);
    }
  }

  /** What is kept of most attempts is to be short; of a test all is wanted. */
  private boolean isShort(AttemptResult judged) {
    return judged instanceof AttemptResult.Accepted && post.purpose() instanceof Purpose.Feedback;
  }

  private void complete(AttemptResult judged) {
    place = null;
    loop.deadlines().remove(this);
    result.complete(new Sent(judged, trace.end(isShort(judged))));
  }
}
