package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries on disk. Each call is one transaction, which may share its commit with others of the
 * same moment; its stage completes once the commit is durable. No call blocks its caller, and none
 * throws. Stages complete in the order of the calls, on a thread that must not be held up.
 *
 * <p>A stage that fails has changed nothing that its caller may count on. Its failure may come
 * within a {@link java.util.concurrent.CompletionException}, as that of any stage that depends on
 * another: {@link dev.feedbackwebhooks.domain.fault.Failures#cause} says what it is. That is a
 * {@link dev.feedbackwebhooks.domain.fault.Fault.Unavailable} if the store can take nothing now,
 * whatever it is, and the same may succeed later; anything else is about what this call wanted, and
 * all others are answered as if it had not been.
 */
public interface DeliveryQueue {
  /**
   * Stores each delivery whose event is not known in its scope yet. One whose {@link MessageOrder}
   * is after a first that is not over, or not there, waits for that, and is due after its time in
   * any case. One that the store refuses for what it says, or cannot take by a fault of its own,
   * has an answer of its own; the others are stored, in several transactions then.
   *
   * @return one answer per entry, in their order
   */
  CompletionStage<List<Enqueued>> enqueue(List<Entry> entries);

  /**
   * Looks up by which deliveries events are known, all in one read. Sees what earlier calls store,
   * and what other processes have committed; stores nothing.
   *
   * @return one answer per event, in their order; empty for one that is not known
   */
  CompletionStage<List<Optional<DeliveryId>>> known(List<EventName> events);

  /**
   * Claims waiting deliveries of one scope that are due by {@code dueBy}: oldest due first, as many
   * as there is room for, and at least one.
   */
  CompletionStage<Claimed> claimDue(Scope scope, Room room, Instant dueBy, Lease lease);

  /**
   * Ends claims. With the first of a message those that wait for it become due.
   *
   * @return per settlement whether its claim still stood; if not, nothing was changed
   */
  CompletionStage<List<Boolean>> settle(List<Settlement> settlements);

  /** Gives claims back untried: waiting, due at {@code due}. Claims that fell are passed over. */
  CompletionStage<@Nullable Void> release(List<Claim> claims, Instant due);

  /** Moves the end of claims that still stand to {@code until}. */
  CompletionStage<@Nullable Void> extend(List<Claim> claims, Instant until);

  /**
   * Gives back claims whose lease is over, then answers with every scope that has something waiting
   * and the earliest instant at which it is due.
   */
  CompletionStage<List<LaneDue>> lanes(Instant now);

  /**
   * A delivery to store.
   *
   * @param lease terms under which the caller claims it at once; null leaves it waiting, due at
   *     {@code now}, or later if it is not its turn
   */
  record Entry(NewDelivery delivery, @Nullable Lease lease, Instant now) {}

  /** The name of an event: its id, in its scope. */
  record EventName(Scope scope, String eventId) {}

  /**
   * The bounds of a claim.
   *
   * @param bytes of payload; the delivery that passes it is the last one
   */
  record Room(int deliveries, long bytes) {}

  /**
   * The result of a claim.
   *
   * @param nextDue when the scope has more to claim; null if it has nothing more
   */
  record Claimed(List<Claim> claims, @Nullable Instant nextDue) {
    public Claimed {
      claims = List.copyOf(claims);
    }
  }

  /** When a scope has something to claim. */
  record LaneDue(Scope scope, Instant due) {}
}
