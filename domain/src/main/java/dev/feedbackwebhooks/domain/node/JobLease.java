package dev.feedbackwebhooks.domain.node;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One duty, as this process knows of it. It has the duty for a little shorter than others leave it
 * to it, by its own clock: who stood still for longer finds that it is not his any more. Any thread
 * may use it.
 */
public final class JobLease {
  /** Between two questions: several may fail before the duty is lost. */
  static final Duration ASKS = Duration.ofSeconds(2);

  private final JobLeases duties;
  private final String name;
  private final Consumer<Throwable> failed;
  private final AtomicBoolean asking = new AtomicBoolean();
  private final AtomicBoolean left = new AtomicBoolean();
  private final AtomicReference<@Nullable Instant> askedAt = new AtomicReference<>();

  /** When the question was asked that was last answered by yes. */
  private final AtomicReference<@Nullable Instant> oursFrom = new AtomicReference<>();

  /**
   * @param failed hears of questions that were not answered
   */
  public JobLease(JobLeases duties, String name, Consumer<Throwable> failed) {
    this.duties = duties;
    this.name = name;
    this.failed = failed;
  }

  /**
   * Whether it is this process's now. Asks for it, and for keeping it, every {@link #ASKS}: so it
   * is to be called more often than that for as long as the duty is wanted. Does not block.
   */
  public boolean isOurs(Instant now) {
    if (!left.get() && asking.compareAndSet(false, true)) {
      if (within(ASKS, askedAt.get(), now)) {
        asking.set(false);
      } else {
        ask(now);
      }
    }
    return within(JobLeases.HELD, oursFrom.get(), now);
  }

  /** A clock that was set back proves nothing. */
  private static boolean within(Duration time, @Nullable Instant start, Instant now) {
    return start != null && !now.isBefore(start) && now.isBefore(start.plus(time));
  }

  private void ask(Instant now) {
    askedAt.set(now);
    duties.take(name).whenComplete((ours, failure) -> answered(now, ours, failure));
  }

  private void answered(Instant asked, @Nullable Boolean ours, @Nullable Throwable failure) {
    if (failure != null) {
      failed.accept(failure);
    } else {
      oursFrom.set(Boolean.TRUE.equals(ours) && !left.get() ? asked : null);
    }
    asking.set(false);
  }

  /** Does without it from now on, and leaves it to others. */
  public void leave() {
    left.set(true);
    oursFrom.set(null);
    var _ =
        duties
            .leave(name)
            .whenComplete((_, failure) -> {
              if (failure != null) {
                failed.accept(failure);
              }
            });
  }
}
