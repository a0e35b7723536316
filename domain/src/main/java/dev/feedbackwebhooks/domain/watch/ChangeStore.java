package dev.feedbackwebhooks.domain.watch;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.fault.Fault;
import java.time.Duration;

/**
 * Which deliveries were accepted, tried, ended or begun anew, for {@link #KEPT}: of each node in
 * the order of its commits, of all about in that of their times, and none is missed. What becomes
 * of them by their configuration (that it is disabled, enabled or deleted) and that they are taken
 * up is no change. Blocks its caller.
 */
public interface ChangeStore {
  /** The time that changes are kept. */
  Duration KEPT = Duration.ofHours(24);

  /** After all that has changed. */
  ChangeCursor newest();

  /**
   * The changes since a cursor, of deliveries that now are as the filter says.
   *
   * @param most changed deliveries to look at
   * @throws Fault.NotNow ({@code CURSOR_EXPIRED}) if what follows the cursor is not known, or no
   *     longer
   */
  Changes after(Scope scope, DeliveryFilter filter, ChangeCursor cursor, int most);

  /**
   * Waits for a commit behind the cursor, in whatever scope. Wakes at once for one of this process,
   * and within a second for one of another.
   *
   * @return whether there is one
   * @throws InterruptedException if its thread is
   */
  boolean awaitAfter(ChangeCursor cursor, Duration most) throws InterruptedException;
}
