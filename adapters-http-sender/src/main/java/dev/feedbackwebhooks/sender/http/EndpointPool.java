package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.sender.egress.Destination;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.judge.FailureJudge;
import dev.feedbackwebhooks.sender.tls.TlsClient;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The connections of one event loop to one destination, and the exchanges that wait for one. Bounds
 * nothing: lanes bound how many requests there are, and no lane may wait here for another.
 */
final class EndpointPool implements Opening.Owner {
  /** Connections to an HTTP/2 endpoint that allows few streams on each: as over HTTP/1.1. */
  private static final int MOST_SESSIONS = 64;

  /** Handshakes at a time: more of them only make all of them late. */
  private static final int MOST_CONNECTING = 32;

  private enum Protocol {
    /** One connection is to tell before more are made: many would be too many for HTTP/2. */
    UNKNOWN,
    HTTP1,
    HTTP2
  }

  private final Destination destination;
  private final IdleConnections allIdle;
  private final EventLoop executor;
  private final Consumer<Opening> connector;
  private final String address;

  /** Used last in, first out, so that those beyond need become old. */
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();

  private final List<Http2Session> sessions = new ArrayList<>();
  private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
  private final Set<Opening> openings = new LinkedHashSet<>();
  private final Set<Connection> open = new HashSet<>();
  private Protocol protocol = Protocol.UNKNOWN;
  private TlsClient.Engine engine = TlsClient.Engine.BORING;

  /** Whether the last connection was asked for a client certificate. */
  private boolean asksForCertificate;

  /** All that are open or about to be, whether they carry something or not. */
  private int connections;

  /**
   * @param allIdle those of the event loop, to all destinations
   * @param connector makes a connection
   */
  EndpointPool(
      Destination destination,
      IdleConnections allIdle,
      EventLoop executor,
      Consumer<Opening> connector) {
    this.destination = destination;
    this.allIdle = allIdle;
    this.executor = executor;
    this.connector = connector;
    this.address =
        NetUtil.toSocketAddressString(
            new InetSocketAddress(destination.address(), destination.port()));
  }

  @Override
  public Destination destination() {
    return destination;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public IdleConnections idle() {
    return allIdle;
  }

  boolean isUnused() {
    return connections == 0 && waiting.isEmpty();
  }

  void submit(Exchange exchange) {
    if (!carry(exchange)) {
      waiting.add(exchange);
      connect();
    }
  }

  /** Not on another idle connection: where one of them was closed, the others may be as well. */
  void submitAgain(Exchange exchange) {
    waiting.addFirst(exchange);
    connect();
  }

  private boolean carry(Exchange exchange) {
    Connection kept = idle.pollLast();
    if (kept != null) {
      allIdle.remove(kept);
      kept.carry(exchange);
      return true;
    }
    for (Http2Session session : sessions) {
      if (session.hasRoom()) {
        session.carry(exchange);
        return true;
      }
    }
    return false;
  }

  private void connect() {
    for (int missing = missing(); missing > 0; missing--) {
      connections++;
      Opening opening = new Opening(this, engine);
      openings.add(opening);
      connector.accept(opening);
    }
  }

  private int missing() {
    int wanted =
        switch (protocol) {
          case UNKNOWN -> 1;
          case HTTP1 -> MOST_CONNECTING;
          // One after the other: the next one may have room for all of them.
          case HTTP2 -> sessions.size() < MOST_SESSIONS ? 1 : 0;
        };
    return Math.min(waiting.size(), wanted) - openings.size();
  }

  @Override
  public void asksForCertificate(boolean asks) {
    asksForCertificate = asks;
  }

  @Override
  public boolean asksForCertificate() {
    return asksForCertificate;
  }

  @Override
  public void opened(Opening opening, Http1Connection connection) {
    openings.remove(opening);
    open.add(connection);
    protocol = Protocol.HTTP1;
    release(connection);
    connect();
  }

  @Override
  public void opened(Opening opening, Http2Session session) {
    openings.remove(opening);
    protocol = Protocol.HTTP2;
    sessions.add(session);
    allIdle.add(session);
    if (session.hasRoom()) {
      serve();
    } else {
      // It wants no streams at all: the next one will want none either.
      fail(waiting.size(), new ExchangeException(AttemptFailure.HTTP2_ERROR), ConnectionTimes.NONE);
    }
  }

  /** Fails the exchanges that have waited longest. */
  private void fail(int count, Throwable cause, ConnectionTimes times) {
    for (int left = count; left > 0 && !waiting.isEmpty(); left--) {
      waiting.remove().unconnected(this, cause, times);
    }
  }

  /**
   * A connection could not be made. What waits for it fails, unless there are others to wait for.
   */
  @Override
  public void failed(Opening opening, Throwable cause, ConnectionTimes times) {
    openings.remove(opening);
    boolean boring = opening.engine() == TlsClient.Engine.BORING;
    if (boring && FailureJudge.mayBeItsKey(cause)) {
      engine = TlsClient.Engine.JAVA;
      executor.execute(this::connect);
      return;
    }
    engine = TlsClient.Engine.BORING;
    int failing =
        switch (protocol) {
          case UNKNOWN -> waiting.size();
          case HTTP1 -> Math.min(waiting.size() - openings.size(), 1);
          case HTTP2 -> sessions.isEmpty() ? waiting.size() : 0;
        };
    fail(failing, cause, times);
    if (protocol == Protocol.HTTP1 && !waiting.isEmpty()) {
      executor.execute(this::connect);
    }
  }

  @Override
  public void release(Connection connection) {
    Exchange next = waiting.poll();
    if (next != null) {
      connection.carry(next);
    } else {
      idle.add(connection);
      allIdle.add(connection);
    }
  }

  @Override
  public void serve() {
    for (Exchange next = waiting.peek(); next != null && carry(next); next = waiting.peek()) {
      // One that fails as it is carried has left by itself.
      waiting.remove(next);
    }
    connect();
  }

  @Override
  public void gone() {
    connections--;
  }

  @Override
  public void closed(Connection connection) {
    open.remove(connection);
    idle.remove(connection);
    allIdle.remove(connection);
  }

  @Override
  public void retired(Connection session) {
    if (sessions.removeIf(each -> each == session)) {
      allIdle.remove(session);
      connect();
    }
  }

  /** Whether there is a connection, be it busy. */
  boolean isOpen() {
    return !open.isEmpty() || !sessions.isEmpty();
  }

  /** The exchange waits no more. A connection that is being made for it alone is given up. */
  void withdraw(Exchange exchange) {
    waiting.remove(exchange);
    if (waiting.isEmpty()) {
      List.copyOf(openings).forEach(Opening::giveUp);
      openings.clear();
    }
  }
}
