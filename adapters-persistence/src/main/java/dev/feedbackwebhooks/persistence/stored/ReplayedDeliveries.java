package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that replays go through, which each database keeps in a way of its own. What takes
 * a connection runs on the writer.
 */
public interface ReplayedDeliveries {
  /** The table of deliveries, as {@code d}, by the index that is ordered by scope and id. */
  String table();

  /** What a filter asks of a delivery {@code d} and its scope's configuration {@code c}. */
  Criteria criteria(DeliveryFilter filter);

  /**
   * Counts a scope's deliveries that are due or in flight because of replays; with one {@code
   * :scope} and one {@code :now} after it.
   */
  String countQueued();

  /**
   * What a query of a replay {@code r} ends with to keep other nodes from it until the commit;
   * nothing where there is one writer.
   */
  String lockReplay();

  /** Writes what the transaction has gathered and not written, so that it is found. */
  void flush(Connection connection) throws SQLException;

  /** How deliveries stand, by their ids; without those that are gone. */
  Map<DeliveryId, Standing> standings(Connection connection, List<DeliveryId> ids)
      throws SQLException;

  /** Makes deliveries wait once more, due now, with their schedule begun anew. */
  void queue(Connection connection, List<DeliveryId> ids, Again again) throws SQLException;

  /**
   * Conditions, each with AND in front, and what they are asked with.
   *
   * @param parameters by name
   */
  record Criteria(String sql, Map<String, Object> parameters) {}

  /**
   * What deliveries are queued for.
   *
   * @param configId the configuration that gets them
   */
  record Again(Replay replay, long scopeId, long configId, Instant now) {}

  /** A delivery, as a replay comes to it. */
  record Standing(StoredState state, long configId, boolean hasBody) {
    /**
     * Why a replay passes over it; null if it does not.
     *
     * @param now null if retention took all of it since it was found
     * @param current the scope's configuration; null if there is none
     */
    static @Nullable ReplaySkip skip(@Nullable Standing now, @Nullable Long current) {
      if (now == null) {
        return ReplaySkip.BODY_REMOVED;
      }
      if (!now.isOver(current)) {
        return ReplaySkip.NOT_OVER;
      }
      if (current == null) {
        return ReplaySkip.NO_CONFIG;
      }
      return now.hasBody() ? null : ReplaySkip.BODY_REMOVED;
    }

    /** What waits for a configuration that is gone is as good as cancelled. */
    private boolean isOver(@Nullable Long current) {
      return switch (state) {
        case WAITING -> current == null || current != configId;
        case CLAIMED -> false;
        case DELIVERED, EXHAUSTED, REFUSED, CANCELLED -> true;
      };
    }
  }
}
