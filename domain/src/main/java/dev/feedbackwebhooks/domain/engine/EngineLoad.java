package dev.feedbackwebhooks.domain.engine;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/**
 * The load of the engine at one moment.
 *
 * @param lanes how many there are of each kind; a kind of which there are none has no entry
 * @param queued deliveries in memory that wait for their turn
 * @param inFlight attempts that are under way
 * @param memoryBytes of the memory for deliveries, what is taken
 * @param unsettled attempts that ended, and of which the store has not taken what came of them
 */
public record EngineLoad(
    Map<LaneKind, Integer> lanes, int queued, int inFlight, long memoryBytes, int unsettled) {
  /** The state of a lane. */
  public enum LaneKind {
    /** It sends, or is about to. */
    BUSY,
    /** All that it has is due later, or is being fetched. */
    WAITING,
    /** Its endpoint kept timing out: it sends one request at a time. */
    SHRUNK,
    /** Its configuration is disabled. */
    PAUSED
  }

  public EngineLoad {
    lanes = Map.copyOf(lanes);
  }

  static EngineLoad of(Collection<Lane> lanes, long memoryBytes, int unsettled) {
    Map<LaneKind, Integer> kinds = new EnumMap<>(LaneKind.class);
    int queued = 0;
    int inFlight = 0;
    for (Lane lane : lanes) {
      kinds.merge(kind(lane), 1, Integer::sum);
      queued += lane.queued();
      inFlight += lane.inFlight();
    }
    return new EngineLoad(kinds, queued, inFlight, memoryBytes, unsettled);
  }

  private static LaneKind kind(Lane lane) {
    if (lane.paused()) {
      return LaneKind.PAUSED;
    }
    if (lane.width().isProbe()) {
      return LaneKind.SHRUNK;
    }
    return lane.inFlight() > 0 || lane.hasQueued() ? LaneKind.BUSY : LaneKind.WAITING;
  }
}
