package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.domain.delivery.Mailbox;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's tasks, run by one thread at a time: its own, or for a moment that of a caller. */
final class EngineMailbox implements Mailbox {
  private static final Logger log = LoggerFactory.getLogger(EngineMailbox.class);

  /** Tasks that a caller's thread runs before it may go about its own work again. */
  private static final int MOST_HERE = 16;

  private final Executor thread;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean();

  EngineMailbox(Executor thread) {
    this.thread = thread;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (running.compareAndSet(false, true)) {
      thread.execute(this::runAll);
    }
  }

  @Override
  public void executeHere(Runnable task) {
    tasks.add(task);
    if (running.compareAndSet(false, true)) {
      runSome();
    }
  }

  private void runSome() {
    for (int i = 0; i < MOST_HERE; i++) {
      if (!runNext()) {
        stop();
        return;
      }
    }
    thread.execute(this::runAll);
  }

  private void runAll() {
    while (runNext()) {}
    stop();
  }

  private boolean runNext() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    try {
      task.run();
    } catch (RuntimeException | Error bug) {
      log.error("a task of the engine failed", bug);
    }
    return true;
  }

  private void stop() {
    running.set(false);
    if (!tasks.isEmpty() && running.compareAndSet(false, true)) {
      thread.execute(this::runAll);
    }
  }
}
