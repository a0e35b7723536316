package dev.feedbackwebhooks.sender.http;

import io.netty.buffer.ByteBuf;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, as those see it who carry it: they tell it what came. It knows
 * nothing of HTTP's versions. All of it happens on its event loop.
 */
interface Exchange {
  /** The possible state of its request when its connection or stream ended. */
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

  /** The place of an exchange: waiting for a connection, or on one. */
  interface Place {
    /** The exchange is over before its answer was whole: what is left of it goes to nobody. */
    void leave(Exchange exchange);
  }

  /** When it began, on the monotonic clock, in nanoseconds. */
  long begunAt();

  /** The request to send, once it is known. */
  Request request();

  AttemptTrace trace();

  boolean isOver();

  void isAt(Place now);

  /** A connection to {@code by} has it. */
  void isCarried(Peer by, Place at, String http, ConnectionTimes times);

  /** The head of the final answer came. */
  void head(
      int answered,
      @Nullable CharSequence wait,
      Iterator<? extends Map.Entry<CharSequence, CharSequence>> fields);

  /** Whether the head of the final answer came. */
  boolean hasHead();

  /** A part of the body came. Answers whether there was so much that the exchange is over. */
  boolean body(ByteBuf part);

  /** The answer is whole, or as whole as it needs to be. */
  void end();

  /** Its connection, or its stream, ended under it. */
  void lost(Throwable cause, Loss loss);

  boolean wasRefused();

  /** No connection that it waited for could be made to {@code by}. */
  void unconnected(Peer by, Throwable cause, ConnectionTimes times);

  /** No connection could be made at all. */
  void unconnected(Throwable cause, ConnectionTimes times);

  void fail(Throwable cause);

  void timeOut();
}
