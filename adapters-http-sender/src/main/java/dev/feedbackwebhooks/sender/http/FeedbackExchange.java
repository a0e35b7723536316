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
 * An exchange that posts a feedback event; ended by its answer, a failure, or its time. All but
 * {@link #result} happens on its event loop.
 */
final class FeedbackExchange implements Exchange {
  /** An answer's body is of no use to us: what is longer is cut off. */
  private static final int MOST_BODY_BYTES = 16 * 1024;

  /** Between two tries to send what is refused again and again. */
  private static final long FIRST_PAUSE_MILLIS = 25;

  private static final long MOST_PAUSE_MILLIS = 1_000;

  private final Post post;
  private final ResponseJudge judge;
  private final SendingLoop loop;
  private final long begunAt = System.nanoTime();
  private final AttemptTrace trace = new AttemptTrace(begunAt);
  private final CompletableFuture<Sent> result = new CompletableFuture<>();
  private @Nullable Request request;
  private @Nullable Endpoint endpoint;
  private @Nullable Peer pool;
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

  FeedbackExchange(Post post, ResponseJudge judge, SendingLoop loop) {
    this.post = post;
    this.judge = judge;
    this.loop = loop;
  }

  CompletableFuture<Sent> result() {
    return result;
  }

  @Override
  public boolean isOver() {
    return result.isDone();
  }

  Post post() {
    return post;
  }

  @Override
  public AttemptTrace trace() {
    return trace;
  }

  @Override
  public long begunAt() {
    return begunAt;
  }

  @Override
  public Request request() {
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
    connections(to).begin();
  }

  private HappyEyeballs connections(Endpoint to) {
    return new HappyEyeballs(this, to, to.memory().order(admitted));
  }

  @Override
  public void isAt(Place now) {
    place = now;
  }

  @Override
  public void isCarried(Peer by, Place at, String http, ConnectionTimes times) {
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

  @Override
  public void head(
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

  @Override
  public boolean hasHead() {
    return status != 0;
  }

  @Override
  public boolean body(ByteBuf part) {
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

  @Override
  public void end() {
    AttemptResult judged = judge.judge(status, retryAfter);
    complete(
        pool != null && pool.asksForCertificate()
            ? ResponseJudge.withoutCertificate(judged)
            : judged);
  }

  @Override
  public void lost(Throwable cause, Loss loss) {
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

  @Override
  public boolean wasRefused() {
    return refusals > 0;
  }

  private void refused(Throwable cause, Peer by, Endpoint to) {
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
                () -> loop.now(this, () -> connections(to).begin()), pause, TimeUnit.MILLISECONDS);
    place = _ -> timer.cancel(false);
  }

  private void sendAnew(Peer by, Endpoint to) {
    carried = false;
    connections(to).beginAnew(by);
  }

  @Override
  public void unconnected(Peer by, Throwable cause, ConnectionTimes times) {
    if (place instanceof HappyEyeballs race) {
      race.lost(by, cause, times);
    }
  }

  @Override
  public void unconnected(Throwable cause, ConnectionTimes times) {
    trace.unconnected(times);
    fail(cause);
  }

  @Override
  public void fail(Throwable cause) {
    if (carried && !hasHead() && pool != null && endpoint != null) {
      endpoint.memory().unanswered(pool.destination().address());
    }
    complete(FailureJudge.judge(cause));
  }

  @Override
  public void timeOut() {
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

  /** Whether few details are kept: of accepted deliveries, but not of tests. */
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
