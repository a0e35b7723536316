package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Sent;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.judge.FailureJudge;
import dev.feedbackwebhooks.sender.judge.ResponseJudge;
import dev.feedbackwebhooks.sender.masking.Excerpt;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer; ended by its answer, a failure, or its time. All but {@link #result}
 * happens on its event loop. It knows nothing of HTTP's versions: those who carry it tell it what
 * came.
 */
final class Exchange {
  /** An answer's body is of no use to us: what is longer is cut off. */
  private static final int MOST_BODY_BYTES = 16 * 1024;

  /** Between two tries to send what is refused again and again. */
  private static final long FIRST_PAUSE_MILLIS = 25;

  private static final long MOST_PAUSE_MILLIS = 1_000;

  /** What its request may have come to when its connection or stream ended. */
  enum Loss {
    /** The endpoint may have seen it. */
    TAKEN,
    /**
     * The connection was ended as it was used again after a rest, which is nobody's fault: the
     * request is sent once more.
     */
    IDLE,
    /** The endpoint says that it has done nothing with it: it is sent again, again and again. */
    REFUSED
  }

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
  private @Nullable Endpoint endpoint;
  private @Nullable EndpointPool pool;
  private final List<InetAddress> admitted = new ArrayList<>(2);
  private @Nullable Place place;

  /** Whether it is on a connection: its request is, or may be, sent. */
  private boolean carried;

  private boolean again;
  private int refusals;
  private @Nullable Throwable refusal;
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

  /** May go to these addresses as well, if it is not on a connection yet. */
  void admit(List<InetAddress> addresses) {
    // An IPv4 address may come once more, written as an IPv6 one.
    List<InetAddress> others =
        admitted.isEmpty()
            ? addresses
            : addresses.stream().filter(a -> !admitted.contains(a)).toList();
    admitted.addAll(others);
    if (place instanceof HappyEyeballs race) {
      race.add(others);
    }
  }

  /** One of the name's addresses that came late is forbidden. */
  void forbid(ExchangeException why) {
    if (!carried) {
      end(why);
    }
  }

  /** Waits for a connection to {@code to}, or takes one, to send {@code ready}. */
  void sendTo(Endpoint to, Request ready) {
    endpoint = to;
    request = ready;
    trace.sends(ready);
    to.send(this, admitted).begin();
  }

  void isAt(Place now) {
    place = now;
  }

  /** A connection of {@code by} has it. */
  void isCarried(EndpointPool by, Place at, String http, ConnectionTimes times) {
    if (place instanceof HappyEyeballs race) {
      race.won(by);
    }
    pool = by;
    place = at;
    carried = true;
    boolean reused = trace.carriedBy(by, http, times);
    if (!reused && endpoint != null) {
      endpoint.memory().connected(by.destination().address(), times.connect() + times.tls());
    }
  }

  /** The head of the final answer came. */
  void head(
      int answered,
      @Nullable CharSequence wait,
      Iterator<? extends Map.Entry<CharSequence, CharSequence>> fields) {
    status = answered;
    if (endpoint != null && pool != null) {
      endpoint.memory().answered(pool.destination().address());
    }
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
    AttemptResult judged = judge.judge(status, retryAfter);
    complete(
        pool != null && pool.asksForCertificate()
            ? ResponseJudge.withoutCertificate(judged)
            : judged);
  }

  /** Its connection, or its stream, ended under it. */
  void lost(Throwable cause, Loss loss) {
    if (result.isDone() || pool == null || endpoint == null) {
      fail(cause);
      return;
    }
    switch (loss) {
      case TAKEN -> fail(cause);
      case IDLE -> {
        if (again) {
          fail(cause);
        } else {
          again = true;
          sendAnew(pool, endpoint);
        }
      }
      case REFUSED -> refused(cause, pool, endpoint);
    }
  }

  boolean wasRefused() {
    return refusals > 0;
  }

  private void refused(Throwable cause, EndpointPool by, Endpoint to) {
    refusals++;
    refusal = cause;
    if (refusals == 1) {
      sendAnew(by, to);
      return;
    }
    to.memory().unanswered(by.destination().address());
    carried = false;
    long pause = Math.min(FIRST_PAUSE_MILLIS << Math.min(refusals - 2, 10), MOST_PAUSE_MILLIS);
    Future<?> timer =
        loop.executor()
            .schedule(
                () -> loop.now(this, () -> to.send(this, admitted).begin()),
                pause,
                TimeUnit.MILLISECONDS);
    place = _ -> timer.cancel(false);
  }

  private void sendAnew(EndpointPool by, Endpoint to) {
    carried = false;
    to.send(this, admitted).beginAnew(by);
  }

  /** No connection that it waited for could be made to {@code by}. */
  void unconnected(EndpointPool by, Throwable cause, ConnectionTimes times) {
    if (place instanceof HappyEyeballs race) {
      race.lost(by, cause, times);
    }
  }

  /** No connection could be made at all. */
  void unconnected(Throwable cause, ConnectionTimes times) {
    trace.unconnected(times);
    fail(cause);
  }

  void fail(Throwable cause) {
    if (carried && !hasHead() && pool != null && endpoint != null) {
      endpoint.memory().unanswered(pool.destination().address());
    }
    complete(FailureJudge.judge(cause));
  }

  void timeOut() {
    // Refused all the time: that tells more than that the time was over.
    end(
        refusal != null && !carried
            ? new ExchangeException(
                AttemptFailure.HTTP2_ERROR,
                "the endpoint refused the stream " + refusals + " times",
                refusal)
            : new ExchangeException(AttemptFailure.TIMEOUT));
  }

  /** Wherever it is, it leaves. */
  private void end(ExchangeException why) {
    Place last = place;
    fail(why);
    if (last != null) {
      last.leave(this);
    }
  }

  /** What is kept of most attempts is to be short; of a test all is wanted. */
  private boolean isShort(AttemptResult judged) {
    return judged instanceof AttemptResult.Accepted
        && post.purpose() instanceof SendReason.Feedback;
  }

  private void complete(AttemptResult judged) {
    if (place instanceof HappyEyeballs race) {
      // Nobody else ends it, and what waits would be sent.
      race.stop();
    }
    place = null;
    loop.deadlines().remove(this);
    result.complete(new Sent(judged, trace.end(isShort(judged))));
  }
}
