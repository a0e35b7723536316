package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;

import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Publishes events one after the other, whatever becomes of them, and writes down the answers. */
final class Publisher implements AutoCloseable {
  private static final int MORE = 5;

  /** After a refusal. */
  private static final long PAUSE_NANOS = 10_000_000;

  private final Api api;
  private final String prefix;
  private final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
  private final List<String> refused = Collections.synchronizedList(new ArrayList<>());
  private final Thread thread;
  private volatile boolean over;

  private Publisher(Api api, String prefix) {
    this.api = api;
    this.prefix = prefix;
    this.thread = Thread.ofVirtual().unstarted(this::publish);
  }

  /**
   * @param prefix of the events' ids
   */
  static Publisher start(Api api, String prefix) {
    Publisher publisher = new Publisher(api, prefix);
    publisher.thread.start();
    return publisher;
  }

  private void publish() {
    for (int i = 0; !over; i++) {
      try {
        String name = api.publish(Api.event(prefix + "-" + i).build()).getFirst().getDelivery();
        acknowledged.add(name.substring(name.lastIndexOf('/') + 1));
      } catch (StatusRuntimeException e) {
        refused.add(e.getStatus().getCode().name());
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** What the acknowledged ones are called at the endpoint. */
  List<String> acknowledged() {
    synchronized (acknowledged) {
      return List.copyOf(acknowledged);
    }
  }

  /** The codes of the others. */
  List<String> refused() {
    synchronized (refused) {
      return List.copyOf(refused);
    }
  }

  void awaitAcknowledged() {
    awaitMore(acknowledged);
  }

  void awaitRefused() {
    awaitMore(refused);
  }

  private static void awaitMore(List<String> answers) {
    int before = answers.size();
    await().until(() -> answers.size() > before + MORE);
  }

  /** Publishes nothing more, once it has the last answer. */
  void stop() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
