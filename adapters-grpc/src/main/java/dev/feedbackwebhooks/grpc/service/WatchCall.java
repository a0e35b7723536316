package dev.feedbackwebhooks.grpc.service;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.watch.Change;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.Changes;
import dev.feedbackwebhooks.domain.watch.DeliveryWatch;
import dev.feedbackwebhooks.domain.watch.DeliveryWatches;
import dev.feedbackwebhooks.grpc.access.AccessTokens;
import dev.feedbackwebhooks.grpc.access.Callers;
import dev.feedbackwebhooks.grpc.call.OpenCalls;
import dev.feedbackwebhooks.grpc.codec.GrpcStatuses;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call that watches deliveries.
 *
 * @param <R> its messages
 */
final class WatchCall<R> {
  /** The longest time that the caller hears nothing. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /** The longest time until an expired token of the caller is noticed. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /**
   * The request of a watch.
   *
   * @param begin null for now
   */
  record Request(Scope scope, DeliveryFilter filter, @Nullable ChangeCursor begin) {}

  /** Makes a message, of a delivery or of none. */
  interface Message<R> {
    R of(Scope scope, @Nullable Delivery delivery, ChangeCursor cursor);
  }

  private final Request request;
  private final ServerCallStreamObserver<R> caller;
  private final Message<R> message;
  private final InstantSource clock;
  private final Optional<Instant> until = Callers.until();
  private Instant heard = Instant.EPOCH;
  private @Nullable Thread thread;
  private @Nullable Fault stop;

  WatchCall(
      Request request,
      ServerCallStreamObserver<R> caller,
      Message<R> message,
      InstantSource clock) {
    this.request = request;
    this.caller = caller;
    this.message = message;
    this.clock = clock;
  }

  /** To be called before the method that serves the call returns. */
  void start() {
    // Both come on other threads than the one that runs.
    caller.setOnReadyHandler(this::wake);
    caller.setOnCancelHandler(this::abandon);
    OpenCalls.whenStopping(this::stop);
  }

  /** Blocks its thread, which must be no one else's: it is interrupted. */
  void run(DeliveryWatches watches) {
    begin();
    try (DeliveryWatch watch = watches.open(request.scope(), request.filter(), request.begin())) {
      follow(watch);
    } catch (InterruptedException _) {
      // The caller is gone, or the server stops.
      end(null);
    } catch (RuntimeException | Error e) {
      end(e);
    }
  }

  private synchronized void begin() {
    thread = Thread.currentThread();
    if (stop != null) {
      thread.interrupt();
    }
  }

  private synchronized void end(@Nullable Throwable failure) {
    thread = null;
    // Of the interruption, which has done its part.
    var _ = Thread.interrupted();
    Throwable why = stop == null ? failure : stop;
    if (why != null && !caller.isCancelled()) {
      caller.onError(GrpcStatuses.asStatus(why));
    }
  }

  private void follow(DeliveryWatch watch) throws InterruptedException {
    ChangeCursor cursor = watch.begin();
    while (!caller.isCancelled()) {
      requireToken();
      if (!clock.instant().isBefore(heard.plus(SILENCE))) {
        send(null, cursor);
      }
      Changes changes = watch.after(cursor, LOOK);
      for (Change change : changes.list()) {
        send(change.delivery(), change.cursor());
      }
      cursor = changes.next();
    }
  }

  private void send(@Nullable Delivery delivery, ChangeCursor cursor) throws InterruptedException {
    awaitReady();
    if (!caller.isCancelled()) {
      // Before the caller can know of it.
      heard = clock.instant();
      caller.onNext(message.of(request.scope(), delivery, cursor));
    }
  }

  /** A caller that reads slowly holds up nobody else, and little is kept for it. */
  private synchronized void awaitReady() throws InterruptedException {
    while (!caller.isReady() && !caller.isCancelled()) {
      wait(LOOK.toMillis());
      requireToken();
    }
  }

  private void requireToken() {
    if (until.filter(clock.instant()::isAfter).isPresent()) {
      throw AccessTokens.expired();
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  private synchronized void stop(Fault status) {
    stop = status;
    abandon();
  }

  private synchronized void abandon() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
