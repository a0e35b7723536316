package dev.feedbackwebhooks.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/** How long things took, to a twentieth of a millisecond. Any thread may record. */
final class Times {
  private static final long BUCKET_NANOS = 50_000;

  /** Twenty seconds: what took longer counts as that. */
  private static final int BUCKETS = 400_000;

  private final AtomicIntegerArray buckets = new AtomicIntegerArray(BUCKETS);
  private final LongAdder count = new LongAdder();

  void record(long nanos) {
    buckets.incrementAndGet(Math.clamp(nanos / BUCKET_NANOS, 0, BUCKETS - 1));
    count.increment();
  }

  long count() {
    return count.sum();
  }

  /**
   * Milliseconds that {@code share} of them did not exceed.
   *
   * @throws BenchException if nothing was recorded
   */
  double percentile(double share) {
    long wanted = Math.max(1, (long) Math.ceil(count() * share));
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += buckets.get(i);
      if (seen >= wanted) {
        return (i + 1) * BUCKET_NANOS / (double) TimeUnit.MILLISECONDS.toNanos(1);
      }
    }
    throw new BenchException("nothing was timed");
  }
}
