package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.attempt.RetrySchedule;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.engine.DeliveryEngine;
import dev.feedbackwebhooks.domain.engine.DeliveryListener;
import dev.feedbackwebhooks.domain.engine.EngineLoad;
import dev.feedbackwebhooks.domain.engine.EnginePorts;
import dev.feedbackwebhooks.domain.engine.EngineProbe;
import dev.feedbackwebhooks.domain.fault.Failures;
import dev.feedbackwebhooks.domain.health.EndpointHealth;
import dev.feedbackwebhooks.domain.health.EndpointHealthListener;
import dev.feedbackwebhooks.domain.health.EndpointHealthMonitor;
import dev.feedbackwebhooks.domain.testing.InMemoryHealth;
import java.time.Instant;

/** One process with its engine, from its start to its death. */
final class Server implements DeliveryListener, EndpointHealthListener {
  private final World world;
  private final SimulatedProcess process;
  private final StoreLink link;
  private final Endpoints endpoints;
  private final DeliveryEngine engine;

  Server(World world, int number) {
    this.world = world;
    this.process = new SimulatedProcess(world.timeline, number);
    this.link =
        new StoreLink(world.deliveries, world.ledger, process, world.timeline, world.weather);
    this.endpoints =
        new Endpoints(process, world.timeline, world.weather, world.ledger, world.limits);
    this.engine =
        new DeliveryEngine(
            new EnginePorts(
                link,
                endpoints,
                world.configs(),
                this,
                new EndpointHealthMonitor(new InMemoryHealth(), World.HEALTH, this),
                task -> process.later(20, task)),
            world.limits,
            new RetrySchedule(World.DELAYS, () -> world.timeline.below(100) / 100.0),
            world.timeline,
            world.ids,
            number * World.CLAIMS_OF_A_PROCESS,
            process);
  }

  void start() {
    var _ = engine.start();
    tick();
  }

  private void tick() {
    if (!process.alive()) {
      return;
    }
    if (!process.frozen()) {
      engine.tick();
      long taken = EngineProbe.memoryTaken(engine);
      world.ledger.require(taken >= 0, "more memory was given back than taken");
      world.ledger.require(taken <= world.mostMemory(), "holds " + taken + " bytes");
    }
    world.timeline.after(world.timeline.between(50, 300), this::tick);
  }

  DeliveryEngine engine() {
    return engine;
  }

  SimulatedProcess process() {
    return process;
  }

  int inFlight() {
    return endpoints.inFlight();
  }

  /** Lists of settlements that were brought to the store. */
  int settleCalls() {
    return link.settleCalls();
  }

  boolean alive() {
    return process.alive();
  }

  /** Dies at once; what it had told the store may arrive nevertheless. */
  void crash() {
    process.kill();
    link.cut();
  }

  @Override
  public void storeFailed(String operation, Throwable cause) {
    Throwable root = Failures.cause(cause);
    world.ledger.require(world.meantToFail(root), "failed: " + operation + " " + root);
  }

  @Override
  public void settlesNothing(Throwable cause) {}

  @Override
  public void settlesAgain(int unsettled) {}

  @Override
  public void settlementRefused(Claim claim, Throwable cause) {}

  @Override
  public void claimLost(Claim claim) {
    world.ledger.require(world.losesClaims(), "a claim was lost: " + claim.id().text());
  }

  @Override
  public void attempted(Claim claim, Attempt attempt, NextStep next) {
    world.mayLose();
  }

  @Override
  public void cancelled(Claim claim, String reason) {}

  @Override
  public void fenced(Claim claim) {
    world.mayLose();
  }

  @Override
  public void eventNotStored(Scope scope) {}

  @Override
  public void laneShrunk(Scope scope) {}

  @Override
  public void laneReopened(Scope scope) {}

  @Override
  public void disabledByEndpoint(Scope scope) {}

  @Override
  public void failing(Scope scope, EndpointHealth health, String detail) {}

  @Override
  public void degraded(Scope scope, EndpointHealth health, Instant disabledAt) {}

  @Override
  public void recovered(Scope scope) {}

  @Override
  public void degradedEndpoints(int count) {}

  @Override
  public void load(EngineLoad load) {}

  @Override
  public void disabledByFailure(Scope scope) {}
}
