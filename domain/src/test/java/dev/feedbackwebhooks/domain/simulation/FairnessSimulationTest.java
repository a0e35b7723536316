package dev.feedbackwebhooks.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.engine.EngineLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A lane whose endpoint answers gets its turns, whatever its neighbours' endpoints do. */
class FairnessSimulationTest {
  /** Until a request of others ends, there may be no room; then whoever waits longest has it. */
  private static final Duration LONGEST_WAIT =
      Weather.ATTEMPT_TIMEOUT.multipliedBy(2).plusSeconds(1);

  private static final Duration LIFE = Duration.ofSeconds(40);

  @Test
  void aLaneThatHasSomethingDueWaitsForOthersNoLongerThanTwoOfTheirTimeouts() {
    assertThat(Histories.violation(Histories.COUNT / 10, FairnessSimulationTest::violation))
        .isEmpty();
  }

  private static @Nullable String violation(long seed) {
    Timeline timeline = new Timeline(seed);
    EngineLimits limits =
        new EngineLimits(
            timeline.between(1, 4),
            timeline.between(2, 8),
            32_768L << timeline.below(3),
            World.LEASE);
    World world = new World(timeline, limits, timeline.between(2, 1 + limits.totalInFlight()));
    Customers customers = new Customers(world);
    Server server = world.start();
    world.scopes.forEach(customers::create);
    Scope healthy = world.scopes.getFirst();
    world.scopes.stream().skip(1).forEach(scope -> burden(world, customers, server, scope));
    for (int at = 500; at < LIFE.toMillis(); at += timeline.between(500, 3_000)) {
      timeline.at(at, () -> customers.bring(server, healthy, 1, Integer.MAX_VALUE));
    }
    timeline.runFor(LIFE.plus(LONGEST_WAIT));
    Duration wait = longestWait(world, healthy);
    world.ledger.require(wait.compareTo(LONGEST_WAIT) <= 0, "a lane waited " + wait + limits);
    String violation = world.ledger.violation();
    return violation == null ? null : "seed " + seed + " (-Dsimulation.seed): " + violation;
  }

  /** The longest time in which a lane had something to send and nothing was sent. */
  private static Duration longestWait(World world, Scope lane) {
    Instant now = world.timeline.instant();
    Instant last = Instant.EPOCH;
    Duration longest = Duration.ZERO;
    for (LedgerRow row :
        world.ledger.rows().stream()
            .filter(one -> one.delivery.scope().equals(lane))
            .sorted(Comparator.comparing(one -> one.firstSent(now)))
            .toList()) {
      Instant since = row.createTime.isAfter(last) ? row.createTime : last;
      last = row.firstSent(now);
      Duration wait = Duration.between(since, last);
      longest = wait.compareTo(longest) > 0 ? wait : longest;
    }
    return longest;
  }

  /** More than it can bring away, to an endpoint that is of no use. */
  private static void burden(World world, Customers customers, Server server, Scope scope) {
    Weather.Endpoint[] bad = {Weather.Endpoint.HANGS, Weather.Endpoint.BUSY};
    world.weather.endpoint(scope, bad[world.timeline.below(bad.length)]);
    for (int i = 0; i < 10; i++) {
      world.timeline.after(
          world.timeline.below((int) LIFE.toMillis() / 2),
          () -> customers.bring(server, scope, 6, Integer.MAX_VALUE));
    }
  }
}
