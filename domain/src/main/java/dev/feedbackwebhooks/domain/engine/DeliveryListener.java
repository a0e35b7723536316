package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.fault.StoreFailureListener;

/** Hears what the engine does, for metrics and logs. Must be quick and must not throw. */
public interface DeliveryListener extends SettlementListener, StoreFailureListener {
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

  /** The load of the engine, every second. */
  void load(EngineLoad load);
}
