package dev.feedbackwebhooks.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.engine.EngineLimits;
import dev.feedbackwebhooks.domain.engine.EngineProbe;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What attempts came to while the store was away is written soon after it is back: in lists, not
 * one at a time.
 */
class StoreAwaySimulationTest {
  private static final Duration AWAY = Duration.ofSeconds(6);

  /** One look a second at whether it is back; what follows takes a few round trips. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private static final int EVENTS = 300;

  @Test
  void allThatIsUnwrittenWhenTheStoreComesBackIsWrittenInListsWithinSeconds() {
    assertThat(Histories.violation(Histories.COUNT / 50, StoreAwaySimulationTest::violation))
        .isEmpty();
  }

  private static @Nullable String violation(long seed) {
    Timeline timeline = new Timeline(seed);
    EngineLimits limits =
        new EngineLimits(
            timeline.between(50, 200), timeline.between(200, 1_000), 16L << 20, World.LEASE);
    World world = new World(timeline, limits, timeline.between(1, 4));
    Customers customers = new Customers(world);
    Server server = world.start();
    world.scopes.forEach(customers::create);
    for (int i = 0; i < EVENTS; i++) {
      timeline.at(
          timeline.below(2_000),
          () -> customers.bring(server, world.anyScope(), 1, Integer.MAX_VALUE));
    }
    timeline.runFor(Duration.ofMillis(timeline.between(200, 2_000)));
    for (int outage = timeline.between(1, 3); outage > 0; outage--) {
      goAway(world, server);
    }
    String violation = world.ledger.violation();
    return violation == null ? null : "seed " + seed + " (-Dsimulation.seed): " + violation;
  }

  private static void goAway(World world, Server server) {
    world.storeFails(false);
    world.timeline.runFor(AWAY);
    world.storeWorks();
    boolean refuses = world.timeline.oneIn(2);
    if (refuses) {
      // Some that the store refuses are no reason to be slower with the others.
      world.refuseOneIn(100);
    }
    Set<Claim> unwritten = EngineProbe.unsettled(server.engine());
    int calls = server.settleCalls();
    world.timeline.runFor(SOON);
    Set<Claim> left = EngineProbe.unsettled(server.engine());
    left.retainAll(unwritten);
    left.removeIf(claim -> world.isRefused(claim.id()));
    world.ledger.require(
        left.isEmpty(),
        left.size() + " of " + unwritten.size() + " are unwritten, " + SOON + " after its return");
    int lists = server.settleCalls() - calls;
    world.ledger.require(
        refuses || lists <= 20 + unwritten.size() / 4,
        unwritten.size() + " were written in " + lists + " lists");
    world.refuseNone();
  }
}
