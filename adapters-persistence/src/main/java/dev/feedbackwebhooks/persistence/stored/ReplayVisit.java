package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import dev.feedbackwebhooks.persistence.stored.ReplayedDeliveries.Again;
import dev.feedbackwebhooks.persistence.stored.ReplayedDeliveries.Standing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A replay at some deliveries, within a transaction. Used by the writer only. */
final class ReplayVisit {
  private final ReplayedDeliveries deliveries;
  private final Tally counts;
  private final Replay replay;
  private final long scopeId;
  private final @Nullable Long configId;
  private final int room;
  private final Instant now;
  private final Map<ReplaySkip, Long> skips = new EnumMap<>(ReplaySkip.class);
  private final List<DeliveryId> queued = new ArrayList<>();

  /**
   * @param configId of the scope's configuration; null if there is none
   * @param room deliveries that may be queued
   */
  ReplayVisit(
      ReplayedDeliveries deliveries,
      Tally counts,
      Replay replay,
      long scopeId,
      @Nullable Long configId,
      int room,
      Instant now) {
    this.deliveries = deliveries;
    this.counts = counts;
    this.replay = replay;
    this.scopeId = scopeId;
    this.configId = configId;
    this.room = room;
    this.now = now;
  }

  /**
   * Queues deliveries, or passes over them, one after the other.
   *
   * @return with how many it did: not with all without room for them
   */
  int at(Connection connection, List<DeliveryId> ids) throws SQLException {
    Map<DeliveryId, Standing> standings = deliveries.standings(connection, ids);
    int passed = 0;
    while (passed < ids.size() && pass(ids.get(passed), standings.get(ids.get(passed)))) {
      passed++;
    }
    if (!queued.isEmpty() && configId != null) {
      deliveries.queue(connection, queued, new Again(replay, scopeId, configId, now));
    }
    return passed;
  }

  private boolean pass(DeliveryId id, @Nullable Standing standing) {
    ReplaySkip skip = Standing.skip(standing, configId);
    if (skip != null) {
      skips.merge(skip, 1L, Long::sum);
      return true;
    }
    if (queued.size() >= room || standing == null || configId == null) {
      return false;
    }
    queued.add(id);
    counts.reopened(
        scopeId, id, new Tally.Before(standing.state(), standing.configId()), configId, now);
    return true;
  }

  /** What it came to, with what came before. */
  ReplayTally tally() {
    return replay.tally().plus(queued.size(), skips);
  }
}
