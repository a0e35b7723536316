package dev.feedbackwebhooks.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** SIGSTOP for longer than a lease, and SIGCONT: the server finds all its claims lapsed. */
record StandStill() implements Fault {
  private static final Duration BEYOND_THE_LEASE = Duration.ofSeconds(12);

  @Override
  public String name() {
    return "stopped beyond the lease";
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    Shell.signal("STOP", world.server());
    // This is the fault: time passes.
    LockSupport.parkNanos(BEYOND_THE_LEASE.toNanos());
    Shell.signal("CONT", world.server());
    world.awaitAcknowledged(100);
  }
}
