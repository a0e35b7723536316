package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptDetail.Timing.ABSENT;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.judge.FailureJudge;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An exchange on its way to a connection, over the addresses of its endpoint (RFC 8305): one after
 * the other, the next at once where one failed and soon where one takes long. It goes over the
 * first connection that is secured; those that are being made for nobody else are given up.
 */
final class HappyEyeballs implements Exchange.Place {
  /** A name may have hundreds of addresses: this many are tried for one attempt. */
  private static final int MOST_ADDRESSES = 16;

  private final Exchange exchange;
  private final Endpoint endpoint;
  private final ArrayDeque<InetAddress> left = new ArrayDeque<>();

  /** The pools in which the exchange waits, in the order of their start. */
  private final List<EndpointPool> started = new ArrayList<>();

  private int tried;
  private boolean over;
  private @Nullable Future<?> timer;
  private @Nullable Throwable cause;
  private @Nullable Peer nearest;
  private ConnectionTimes times = ConnectionTimes.NONE;

  HappyEyeballs(Exchange exchange, Endpoint endpoint, List<InetAddress> order) {
    this.exchange = exchange;
    this.endpoint = endpoint;
    left.addAll(order);
  }

  void begin() {
    exchange.isAt(this);
    startNext();
  }

  /** On a new connection to {@code peer} first: nothing that is open there is trusted. */
  void beginAnew(Peer peer) {
    exchange.isAt(this);
    InetAddress address = peer.destination().address();
    left.remove(address);
    start(endpoint.pool(address), true);
  }

  /** More addresses were found and admitted. */
  void add(Collection<InetAddress> admitted) {
    if (!over) {
      left.addAll(admitted);
      if (timer == null && !started.isEmpty()) {
        setTimer(started.getLast());
      }
    }
  }

  private void startNext() {
    stopTimer();
    InetAddress next = tried < MOST_ADDRESSES ? left.poll() : null;
    if (next != null) {
      start(endpoint.pool(next), false);
    } else if (started.isEmpty()) {
      over = true;
      if (nearest != null) {
        exchange.trace().tries(nearest);
      }
      exchange.unconnected(
          cause == null ? new ExchangeException(AttemptFailure.CONNECT_FAILED) : cause, times);
    }
  }

  private void start(EndpointPool pool, boolean anew) {
    tried++;
    started.add(pool);
    exchange.trace().tries(pool);
    if (anew) {
      pool.submitAgain(exchange);
    } else {
      pool.submit(exchange);
    }
    if (!over && !left.isEmpty()) {
      setTimer(pool);
    }
  }

  private void setTimer(EndpointPool last) {
    long patience = endpoint.memory().patience(last.destination().address()).toNanos();
    timer =
        endpoint
            .loop()
            .executor()
            .schedule(
                () -> endpoint.loop().now(exchange, this::goOn), patience, TimeUnit.NANOSECONDS);
  }

  private void goOn() {
    if (!over) {
      timer = null;
      startNext();
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  /** No connection of {@code pool} could be made. */
  void lost(Peer pool, Throwable why, ConnectionTimes took) {
    if (over || !started.remove(pool)) {
      return;
    }
    endpoint.memory().unconnected(pool.destination().address());
    // What came nearest to a connection tells most.
    if (cause == null || (times.connect() == ABSENT && took.connect() != ABSENT)) {
      cause = why;
      times = took;
      nearest = pool;
    }
    exchange.trace().failed(pool, FailureJudge.failure(why));
    if (started.isEmpty() || !left.isEmpty()) {
      startNext();
    }
  }

  /** A connection of {@code pool} carries the exchange. */
  void won(Peer pool) {
    over = true;
    stopTimer();
    int place = started.indexOf(pool);
    for (int i = 0; i < started.size(); i++) {
      EndpointPool other = started.get(i);
      if (other != pool) {
        other.withdraw(exchange);
        if (i < place && !other.isOpen()) {
          endpoint.memory().unconnected(other.destination().address());
          exchange.trace().failed(other, AttemptFailure.CONNECT_TIMEOUT);
        }
      }
    }
  }

  /** The exchange is over: it waits nowhere any more. */
  void stop() {
    over = true;
    stopTimer();
    started.forEach(pool -> pool.withdraw(exchange));
  }

  @Override
  public void leave(Exchange left) {
    stop();
    for (EndpointPool pool : started) {
      if (!pool.isOpen()) {
        endpoint.memory().unconnected(pool.destination().address());
      }
    }
  }
}
