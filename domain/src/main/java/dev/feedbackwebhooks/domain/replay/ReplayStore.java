package dev.feedbackwebhooks.domain.replay;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Replays on disk, beside the deliveries that they queue again. All but {@link #step} and {@link
 * #forget} block their caller, until what they change is durable.
 */
public interface ReplayStore {
  /** The tally of a replay if it began now, and were over at once. */
  ReplayTally survey(Scope scope, DeliveryFilter filter);

  /**
   * Stores a replay that begins, with the record of it in the same transaction; unless one of the
   * same request id is known in its scope, or {@code most} of the scope's run already.
   */
  Started start(Replay replay, int most, AuditEntry entry);

  Optional<Replay> find(Scope scope, ReplayId id);

  /**
   * The replay that a request began.
   *
   * @param requestId not empty
   */
  Optional<Replay> ofRequest(Scope scope, String requestId);

  /**
   * Newest first.
   *
   * @param over whether those that are over, or those that run; null for both
   * @param before the last id of the page before; null for the first page
   */
  List<Replay> list(Scope scope, @Nullable Boolean over, @Nullable ReplayId before, int limit);

  /** The replays of every scope that run. */
  List<Replay> running();

  /**
   * Ends a replay that runs, with the record of it in the same transaction; changes nothing of one
   * that is over.
   *
   * @return how it stands then; empty if there is none
   */
  Optional<Replay> cancel(Scope scope, ReplayId id, Instant now, AuditEntry entry);

  /**
   * Removes a replay that is over, with the record of it in the same transaction.
   *
   * @return whether it did
   */
  boolean delete(Scope scope, ReplayId id, AuditEntry entry);

  /**
   * Goes on with a replay: looks at a bounded number of deliveries after its cursor, oldest first,
   * and makes those that are over due at {@code now}, for the configuration of now, with their
   * schedule begun anew. This, the tally and the cursor are one transaction, which changes nothing
   * if the replay is over or has another cursor by now. Does not block its caller.
   *
   * @param most deliveries to queue; fewer if more than {@link #MOST_QUEUED} of the scope's would
   *     be due or in flight because of replays
   * @return how the replay stands then
   */
  CompletionStage<Replay> step(Replay replay, int most, Instant now);

  /** Removes replays that ended before {@code until}. Does not block its caller. */
  CompletionStage<Integer> forget(Instant until);

  /**
   * Deliveries of a scope that are due or in flight because of replays: so many may be before what
   * is fresh, in a lane whose memory is full.
   */
  int MOST_QUEUED = 128;

  /** The result of a start. */
  sealed interface Started {
    record Stored() implements Started {}

    /** The request is known: this is what it began. */
    record Known(Replay replay) implements Started {}

    record TooMany() implements Started {}
  }
}
