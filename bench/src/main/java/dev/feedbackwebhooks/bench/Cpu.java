package dev.feedbackwebhooks.bench;

import java.time.Duration;

/** Processor time of a process and its children, as of now. */
record Cpu(Duration used) {
  static Cpu ofFamily(ProcessHandle process) {
    Duration own = process.info().totalCpuDuration().orElse(Duration.ZERO);
    return new Cpu(
        process
            .descendants()
            .map(child -> child.info().totalCpuDuration().orElse(Duration.ZERO))
            .reduce(own, Duration::plus));
  }

  /** Seconds since {@code before}. */
  double since(Cpu before) {
    return used.minus(before.used()).toMillis() / 1_000.0;
  }
}
