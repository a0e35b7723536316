package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Wakes those who wait for changes: at once for those of this node. Whether there are others is
 * asked while somebody waits, by one of those who do, for all of them.
 */
final class ChangeBell {
  private static final long EVERY = Duration.ofMillis(250).toNanos();

  private final long node;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();
  private long commit;
  private ChangeCursor others = ChangeCursor.of(Map.of());
  private boolean asking;
  private long nextAt = System.nanoTime();

  /**
   * @param commit this node's last one so far
   */
  ChangeBell(long node, long commit) {
    this.node = node;
    this.commit = commit;
  }

  /** This node has made a commit. */
  void ring(long newest) {
    lock.lock();
    try {
      commit = newest;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is something behind a cursor.
   *
   * @param newest asks how far all nodes are; null if there is only this one. What it throws goes
   *     to one of those who wait, and the next one asks again.
   * @return whether there is something
   */
  boolean await(ChangeCursor cursor, Duration most, @Nullable Supplier<ChangeCursor> newest)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    boolean found = look(cursor, newest);
    while (!found && end - System.nanoTime() > 0) {
      pause(cursor, end, newest != null);
      found = look(cursor, newest);
    }
    return found;
  }

  private boolean look(ChangeCursor cursor, @Nullable Supplier<ChangeCursor> newest) {
    if (newest != null && isToAsk(cursor)) {
      ask(newest);
    }
    lock.lock();
    try {
      return isNews(cursor);
    } finally {
      lock.unlock();
    }
  }

  private boolean isNews(ChangeCursor cursor) {
    return !cursor.reaches(node, commit) || !cursor.reaches(others);
  }

  /** Whether it is the caller who asks now. */
  private boolean isToAsk(ChangeCursor cursor) {
    lock.lock();
    try {
      if (asking || nextAt - System.nanoTime() > 0 || !cursor.reaches(node, commit)) {
        return false;
      }
      asking = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void ask(Supplier<ChangeCursor> newest) {
    ChangeCursor known = null;
    try {
      known = newest.get();
    } finally {
      lock.lock();
      try {
        others = known == null ? others : known;
        asking = false;
        nextAt = System.nanoTime() + EVERY;
        rung.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void pause(ChangeCursor cursor, long end, boolean mayAsk) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = left(end, mayAsk);
      while (left > 0 && !isNews(cursor)) {
        var _ = rung.awaitNanos(left);
        left = left(end, mayAsk);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Until the end, or until it is time to ask again. */
  private long left(long end, boolean mayAsk) {
    long now = System.nanoTime();
    return mayAsk && !asking ? Math.min(end - now, nextAt - now) : end - now;
  }
}
