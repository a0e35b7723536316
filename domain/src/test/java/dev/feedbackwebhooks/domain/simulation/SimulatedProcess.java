package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.engine.Mailbox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The threads of one process as far as the engine sees them: its mailbox, and what happens on
 * others. It may stand still for a while, or die.
 */
final class SimulatedProcess implements Mailbox {
  private enum Life {
    RUNNING,
    FROZEN,
    DEAD
  }

  private static final int MOST_DELAY = 3;

  private final Timeline timeline;
  private final int number;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<Runnable> meanwhile = new ArrayList<>();
  private Life life = Life.RUNNING;
  private boolean planned;
  private boolean running;

  /**
   * @param number tells it from all others of its history
   */
  SimulatedProcess(Timeline timeline, int number) {
    this.timeline = timeline;
    this.number = number;
  }

  int number() {
    return number;
  }

  boolean alive() {
    return life != Life.DEAD;
  }

  boolean frozen() {
    return life == Life.FROZEN;
  }

  void freeze() {
    if (alive()) {
      life = Life.FROZEN;
    }
  }

  void thaw() {
    if (frozen()) {
      life = Life.RUNNING;
      List<Runnable> late = List.copyOf(meanwhile);
      meanwhile.clear();
      late.forEach(task -> later(MOST_DELAY, task));
      plan();
    }
  }

  void kill() {
    life = Life.DEAD;
    tasks.clear();
    meanwhile.clear();
  }

  /** Something happens on another thread of it: now, when it goes on, or never. */
  void happen(Runnable task) {
    switch (life) {
      case RUNNING -> task.run();
      case FROZEN -> meanwhile.add(task);
      case DEAD -> {}
    }
  }

  /** The same, after up to {@code most} milliseconds. */
  void later(int most, Runnable task) {
    timeline.after(timeline.between(0, most), () -> happen(task));
  }

  @Override
  public void execute(Runnable task) {
    if (alive()) {
      tasks.add(task);
      plan();
    }
  }

  @Override
  public void executeHere(Runnable task) {
    if (life == Life.RUNNING && !running && tasks.isEmpty()) {
      run(task);
    } else {
      execute(task);
    }
  }

  private void plan() {
    if (!planned && !tasks.isEmpty() && life == Life.RUNNING) {
      planned = true;
      timeline.after(timeline.between(0, MOST_DELAY), this::runSome);
    }
  }

  private void runSome() {
    planned = false;
    for (int i = timeline.between(1, 8); i > 0 && life == Life.RUNNING && !tasks.isEmpty(); i--) {
      run(tasks.remove());
    }
    plan();
  }

  private void run(Runnable task) {
    running = true;
    try {
      task.run();
    } finally {
      running = false;
    }
  }
}
