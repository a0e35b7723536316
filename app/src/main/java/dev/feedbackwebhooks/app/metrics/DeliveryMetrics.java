package dev.feedbackwebhooks.app.metrics;

import dev.feedbackwebhooks.app.ops.Readiness;
import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.engine.DeliveryListener;
import dev.feedbackwebhooks.domain.engine.EngineLoad;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Counts what the engine does, and logs what a person should know. Labels name outcomes, never a
 * customer: their number must stay small.
 */
public final class DeliveryMetrics extends StoreFailureMetrics implements DeliveryListener {
  /** To look one up by its name costs more than to count. */
  private final ConcurrentMap<String, Timer> attempts = new ConcurrentHashMap<>();

  private final ByOrganization<EndingCounters> endings;
  private final EngineMetrics engine;
  private final Timer latency;
  private final AttemptPhases phases;
  private final Counter refusedSettlements;
  private final Counter lostClaims;
  private final Counter eventsNotStored;
  private final Readiness readiness;

  /**
   * @param organizations whether each organization's endings are counted by themselves
   */
  public DeliveryMetrics(MeterRegistry metrics, Readiness readiness, boolean organizations) {
    super(metrics);
    this.readiness = readiness;
    this.refusedSettlements = metrics.counter("feedback.webhooks.settlements.refused");
    this.lostClaims = metrics.counter("feedback.webhooks.claims.lost");
    this.eventsNotStored = metrics.counter("feedback.webhooks.events.not.stored");
    this.endings = new ByOrganization<>(organizations, tags -> EndingCounters.of(metrics, tags));
    this.engine = new EngineMetrics(metrics);
    this.latency = Histograms.timer(metrics, "feedback.webhooks.delivery.latency");
    this.phases = new AttemptPhases(metrics);
  }

  @Override
  public void attempted(Claim claim, Attempt attempt, NextStep next) {
    attempts.computeIfAbsent(label(attempt.result()), this::timer).record(attempt.duration());
    phases.record(attempt.detail().timing());
    switch (next) {
      case NextStep.Done _ -> {
        endings(claim).delivered().increment();
        if (claim.purpose() instanceof SendReason.Feedback) {
          latency.record(
              Duration.between(claim.id().time(), attempt.start().plus(attempt.duration())));
        }
      }
      case NextStep.RetryAt _ -> log.debug("{} waits for another attempt", claim.id().text());
      case NextStep.GiveUp(var ending, var reason) -> {
        counter(claim, ending).increment();
        log.atWarn()
            .addKeyValue("delivery", Delivery.name(claim.scope(), claim.id()))
            .addKeyValue("reason", reason)
            .log("gave up a delivery");
      }
    }
  }

  @Override
  public void cancelled(Claim claim, String reason) {
    endings(claim).cancelled().increment();
  }

  @Override
  public void fenced(Claim claim) {
    metrics.counter("feedback.webhooks.fenced").increment();
    log.atWarn()
        .addKeyValue("delivery", Delivery.name(claim.scope(), claim.id()))
        .log("a claim had fallen before it was settled");
  }

  @Override
  public void claimLost(Claim claim) {
    lostClaims.increment();
    log.atError()
        .addKeyValue("delivery", Delivery.name(claim.scope(), claim.id()))
        .log("a delivery was held and nothing done with it, which is a bug: it is sent again");
  }

  @Override
  public void eventNotStored(Scope scope) {
    eventsNotStored.increment();
  }

  @Override
  public void laneShrunk(Scope scope) {
    metrics.counter("feedback.webhooks.lanes.shrunk").increment();
    log.atWarn()
        .addKeyValue("config", scope.configName())
        .log("the endpoint keeps timing out: one request at a time");
  }

  @Override
  public void laneReopened(Scope scope) {
    log.atInfo().addKeyValue("config", scope.configName()).log("the endpoint answers again");
  }

  @Override
  public void load(EngineLoad load) {
    engine.load(load);
  }

  @Override
  public void settlesNothing(Throwable cause) {
    String why = String.valueOf(cause.getMessage());
    readiness.settlesNothing(why);
    log.atError()
        .addKeyValue("cause", why)
        .log("the store takes nothing of what attempts came to: it is kept and written again");
  }

  @Override
  public void settlesAgain(int unsettled) {
    readiness.settlesAgain();
    log.atInfo()
        .addKeyValue("unsettled", unsettled)
        .log("the store takes again what attempts came to");
  }

  @Override
  public void settlementRefused(Claim claim, Throwable cause) {
    refusedSettlements.increment();
    log.atError()
        .addKeyValue("delivery", Delivery.name(claim.scope(), claim.id()))
        .addKeyValue("cause", String.valueOf(cause.getMessage()))
        .log("the store refuses what an attempt came to: less of it is kept");
  }

  private Timer timer(String result) {
    return Histograms.timer(metrics, "feedback.webhooks.attempts", "result", result);
  }

  private EndingCounters endings(Claim claim) {
    return endings.of(claim.scope().organization());
  }

  private Counter counter(Claim claim, NextStep.Ending ending) {
    return switch (ending) {
      case EXHAUSTED -> endings(claim).exhausted();
      case REFUSED -> endings(claim).refused();
      case CANCELLED -> endings(claim).cancelled();
    };
  }

  private static String label(AttemptResult result) {
    return switch (result) {
      case AttemptResult.Accepted _ -> "accepted";
      case AttemptResult.Refused _ -> "refused";
      case AttemptResult.Retryable retryable -> retryable.failure().name().toLowerCase(Locale.ROOT);
    };
  }
}
