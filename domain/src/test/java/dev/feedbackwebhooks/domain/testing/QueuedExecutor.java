package dev.feedbackwebhooks.domain.testing;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Keeps tasks until the test runs them, on the test's own thread. */
public final class QueuedExecutor implements Executor {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Runs what is there, and what that adds, until nothing is left. */
  public void runAll() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }
}
