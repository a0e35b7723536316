package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.engine.DeliveryEngine;

/** What goes wrong, and ends again. */
final class Faults {
  private static final int MOST_STANDSTILL = 25_000;

  private final World world;
  private final Timeline timeline;
  private boolean calm;
  private boolean refused;
  private boolean broken;

  Faults(World world) {
    this.world = world;
    this.timeline = world.timeline;
  }

  void storeFails() {
    boolean byBug = !refused && timeline.oneIn(4);
    broken |= byBug;
    world.storeFails(byBug);
    timeline.after(timeline.below(8_000), world::storeWorks);
  }

  /**
   * For as long as it takes until less is written, or the end of it only; once, and of a store that
   * has no bug besides, so that nothing is given back for an hour.
   */
  void storeRefusesSome() {
    if (!refused && !broken) {
      refused = true;
      world.refuseOneIn(4);
      timeline.after(timeline.below(12_000), world::refuseNone);
    }
  }

  void claimsGetLost() {
    world.lose(true);
    timeline.after(timeline.below(8_000), () -> world.lose(false));
  }

  /** Answers may come after the leases that they are about. */
  void storeIsSlow() {
    int most = timeline.oneIn(3) ? MOST_STANDSTILL : 2_000;
    world.note("store is slow, " + most + " ms");
    world.weather.storeDelay(most);
    timeline.after(timeline.below(10_000), () -> world.weather.storeDelay(4));
  }

  void endpointChanges(Scope scope) {
    Weather.Endpoint[] all = Weather.Endpoint.values();
    Weather.Endpoint next = all[timeline.below(all.length)];
    world.note(scope.sandbox() + " " + next);
    world.weather.endpoint(scope, next);
  }

  void crash(Server server) {
    world.note("crash of process " + server.process().number());
    server.crash();
    restartSoon();
  }

  /** SIGSTOP and SIGCONT; another process may take over in between, and both go on. */
  void freeze(Server server) {
    world.note("standstill of process " + server.process().number());
    server.process().freeze();
    int standstill = timeline.below(MOST_STANDSTILL);
    timeline.after(standstill, server.process()::thaw);
    if (timeline.oneIn(2) && world.living().size() == 1) {
      unlessCalm(timeline.below(standstill + 1), world::start);
      unlessCalm(standstill + timeline.below(MOST_STANDSTILL), () -> crash(server));
    }
  }

  /** Shuts a process down the way a service manager does: it has some seconds for it. */
  void drain(Server server) {
    world.note("drain of process " + server.process().number());
    server
        .process()
        .happen(() -> {
          var _ = server.engine().drain().thenRun(() -> drained(server));
          timeline.after(6_000, () -> server.process().happen(() -> abandon(server)));
        });
  }

  private void drained(Server server) {
    world.note("drained process " + server.process().number());
    world.ledger.require(server.inFlight() == 0, "drained with requests in flight");
    timeline.after(1, () -> crash(server));
  }

  private void abandon(Server server) {
    DeliveryEngine engine = server.engine();
    var _ = engine.abandon();
    timeline.after(timeline.below(500), () -> crash(server));
  }

  private void restartSoon() {
    timeline.after(timeline.below(5_000), this::startIfNoneLives);
  }

  private void unlessCalm(int delay, Runnable fault) {
    timeline.after(
        delay,
        () -> {
          if (!calm) {
            fault.run();
          }
        });
  }

  private void startIfNoneLives() {
    if (world.living().isEmpty()) {
      world.start();
    }
  }

  /** Ends all of them. */
  void end() {
    world.note("calm");
    calm = true;
    world.storeWorks();
    world.refuseNone();
    world.lose(false);
    world.weather.clearUp();
    world.living().forEach(server -> server.process().thaw());
    startIfNoneLives();
  }
}
