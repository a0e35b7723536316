package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptDetail.Timing.ABSENT;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.FailedAddress;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.Timing;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.sender.masking.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Notes of one attempt as it goes on, on its event loop. */
final class AttemptTrace {
  private final long begunAt;
  private long dns = ABSENT;
  private long sentAt;
  private long firstByte = ABSENT;
  private ConnectionTimes connection = ConnectionTimes.NONE;
  private boolean reused;
  private final List<FailedAddress> failed = new ArrayList<>(0);
  private @Nullable String protocol;
  private @Nullable Peer peer;
  private @Nullable Request request;
  private @Nullable Excerpt excerpt;

  /**
   * @param begunAt on the monotonic clock, in nanoseconds
   */
  AttemptTrace(long begunAt) {
    this.begunAt = begunAt;
  }

  /** Its host was looked up, with or without success. */
  void resolved(long lookedUpSince) {
    dns = ConnectionTimes.micros(lookedUpSince, System.nanoTime());
  }

  void sends(Request ready) {
    request = ready;
  }

  /** It is on its way to that address. */
  void tries(Peer address) {
    peer = address;
  }

  /** No connection to that address was made, or not in time. */
  void failed(Peer address, AttemptFailure why) {
    if (failed.size() < AttemptDetail.MOST_FAILED_ADDRESSES) {
      failed.add(new FailedAddress(address.address(), why));
    }
  }

  /** The connection that was to carry it could not be made. */
  void unconnected(ConnectionTimes times) {
    connection = times;
  }

  /** It is written to a connection. Answers whether that stood already before it was begun. */
  boolean carriedBy(Peer address, String http, ConnectionTimes times) {
    peer = address;
    protocol = http;
    reused = times.readyAt() - begunAt < 0;
    connection = reused ? ConnectionTimes.NONE : times;
    sentAt = System.nanoTime();
    return reused;
  }

  /** The head of its answer came. */
  Excerpt answered() {
    firstByte = ConnectionTimes.micros(sentAt, System.nanoTime());
    Request sent = Objects.requireNonNull(request);
    Excerpt fresh = new Excerpt(sent.head().mask(), sent.authorization());
    excerpt = fresh;
    return fresh;
  }

  /**
   * @param brief whether to leave out the request, which may be most of it
   */
  AttemptDetail end(boolean brief) {
    long total = ConnectionTimes.micros(begunAt, System.nanoTime());
    Request sent = brief || protocol == null ? null : request;
    return new AttemptDetail(
        new Timing(dns, connection.connect(), connection.tls(), firstByte, total),
        peer == null ? null : peer.address(),
        protocol,
        reused,
        failed,
        sent == null ? List.of() : sent.shown(),
        excerpt == null ? List.of() : excerpt.head(),
        excerpt == null ? "" : excerpt.body(),
        excerpt != null && excerpt.bodyIsCut());
  }
}
