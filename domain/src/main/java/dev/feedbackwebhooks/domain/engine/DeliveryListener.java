package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.health.EndpointHealth;
import java.time.Instant;

/** Hears what the engine does, for metrics and logs. Must be quick and must not throw. */
public interface DeliveryListener {
  /** An attempt ended, and this is what follows. */
  void attempted(Claim claim, Attempt attempt, NextStep next);

  /** A delivery was cancelled untried. */
  void cancelled(Claim claim, String reason);

  /** A claim had fallen before it was settled: the delivery is, or was, sent again. */
  void fenced(Claim claim);

  /** A claim that no part of the engine would have ended was given back: a bug. */
  void claimLost(Claim claim);

  /** The store could not take an event, through no fault of the event's. */
  void eventNotStored(Scope scope);

  /** A lane was cut down to a probe because its endpoint keeps timing out. */
  void laneShrunk(Scope scope);

  /** A lane may use its full width again. */
  void laneReopened(Scope scope);

  /** The endpoint answered 410 Gone, and its configuration was disabled. */
  void disabledByEndpoint(Scope scope);

  /**
   * An endpoint began to fail: several attempts, over some seconds.
   *
   * @param detail what the last one failed by, in one line
   */
  void failing(Scope scope, EndpointHealth health, String detail);

  /** An endpoint has only failed for a while; if it goes on, its configuration is disabled then. */
  void degraded(Scope scope, EndpointHealth health, Instant disabledAt);

  /** An endpoint that was failing accepted something. */
  void recovered(Scope scope);

  /** So many endpoints are degraded now. */
  void degradedEndpoints(int count);

  /** An endpoint only failed for so long that its configuration was disabled. */
  void disabledByFailure(Scope scope);

  /** Deliveries, and bodies of others, were removed because they were kept for long enough. */
  void purged(int deliveries, int bodies);

  /** How busy the engine is; told every second. */
  void load(EngineLoad load);

  /** So many replays run in this process now. */
  void replaysRunning(int count);

  /** Deliveries were queued to be sent again, by a replay. */
  void replayed(long deliveries);

  /** The store takes no settlement, and took them before. */
  void settlesNothing(Throwable cause);

  /**
   * The store takes settlements again.
   *
   * @param unsettled how many wait for it
   */
  void settlesAgain(int unsettled);

  /** The store refused a settlement for what it says, several times: less of it is kept. */
  void settlementRefused(Claim claim, Throwable cause);

  /** The store failed; what was to be written will be tried again. */
  void queueFailed(String operation, Throwable cause);
}
