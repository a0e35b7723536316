package dev.feedbackwebhooks.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.node.JobLeases;
import org.junit.jupiter.api.Test;

/** What {@link JobLeases} of several processes on a store come to. */
public abstract class JobLeasesContract {
  /** Those of one process. */
  protected abstract JobLeases one();

  /** Those of another process on the same store. */
  protected abstract JobLeases other();

  /** Lets {@link JobLeases#HELD} go by, by the store's clock. */
  protected abstract void timePasses();

  @Test
  void whatOneHasTheOtherDoesNotGet() {
    assertThat(takes(one(), "a")).isTrue();
    assertThat(takes(other(), "a")).isFalse();
    assertThat(takes(one(), "a")).as("keeps it").isTrue();
    assertThat(takes(other(), "b")).isTrue();
    assertThat(takes(one(), "b")).isFalse();
  }

  @Test
  void whatWasNotAskedForInTimeIsForWhoeverAsksFirst() {
    assertThat(takes(one(), "a")).isTrue();
    timePasses();
    assertThat(takes(other(), "a")).isTrue();
    assertThat(takes(one(), "a")).isFalse();
    timePasses();
    assertThat(takes(other(), "a")).as("nobody else asked").isTrue();
  }

  @Test
  void whatIsLeftIsFreeAtOnceAndOnlyItsHolderLeavesIt() {
    assertThat(takes(one(), "a")).isTrue();
    leaves(other(), "a");
    assertThat(takes(other(), "a")).isFalse();
    leaves(one(), "a");
    leaves(one(), "a");
    assertThat(takes(other(), "a")).isTrue();
  }

  private static boolean takes(JobLeases process, String duty) {
    return process.take(duty).toCompletableFuture().join();
  }

  private static void leaves(JobLeases process, String duty) {
    var _ = process.leave(duty).toCompletableFuture().join();
  }
}
