package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.engine.Mailbox;
import java.util.ArrayDeque;

/** Keeps tasks until the test runs them, on the test's own thread. */
public final class QueuedExecutor implements Mailbox {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public void executeHere(Runnable task) {
    execute(task);
  }

  /** Runs what is there, and what that adds, until nothing is left. */
  public void runAll() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }
}
