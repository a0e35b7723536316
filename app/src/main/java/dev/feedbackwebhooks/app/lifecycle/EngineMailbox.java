package dev.feedbackwebhooks.app.lifecycle;

import dev.feedbackwebhooks.domain.engine.Mailbox;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's tasks, run by one thread at a time: its own, or for a moment that of a caller. */
final class EngineMailbox implements Mailbox {
  private static final Logger log = LoggerFactory.getLogger(EngineMailbox.class);

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
    if (tasks.isEmpty() && running.compareAndSet(false, true)) {
      run(task);
      stop();
    } else {
      // What is before it may be anyone's, and take long.
      execute(task);
    }
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
    run(task);
    return true;
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error bug) {
      log.error("a task of the engine failed", bug);
    }
  }

  private void stop() {
    running.set(false);
    if (!tasks.isEmpty() && running.compareAndSet(false, true)) {
      thread.execute(this::runAll);
    }
  }
}
