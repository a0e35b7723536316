package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.engine.EngineProbe;
import java.util.Optional;
import java.util.stream.IntStream;

/** Says, when everything has settled, whether each delivery is where it has to be. */
final class Verdict {
  private final World world;

  Verdict(World world) {
    this.world = world;
  }

  /** Whether nothing will happen any more unless a customer does something. */
  boolean settled() {
    return world.ledger.rows().stream().allMatch(row -> settled(find(row).state()));
  }

  private static boolean settled(DeliveryState state) {
    return state != DeliveryState.WAITING && state != DeliveryState.CLAIMED;
  }

  void checkDeliveries() {
    world.ledger.rows().forEach(this::check);
    for (Server server : world.living()) {
      long taken = EngineProbe.memoryTaken(server.engine());
      require(taken == 0, "memory is not given back: " + taken);
    }
  }

  /** Once nothing is held either. */
  void checkIdle() {
    for (Server server : world.living()) {
      require(EngineProbe.idle(server.engine()), "an engine with nothing to do is not idle");
    }
  }

  private void check(LedgerRow row) {
    Delivery delivery = find(row);
    Optional<WebhookConfig> config =
        world.configStore.find(delivery.scope()).filter(one -> one.id() == row.configId());
    boolean right =
        switch (delivery.state()) {
          case WAITING, CLAIMED -> false;
          case HELD -> config.isPresent() && !config.get().status().active();
          case DELIVERED -> row.accepted();
          case EXHAUSTED -> row.attempts() > 0 || row.refused();
          case REFUSED -> row.gone();
          case CANCELLED -> config.isEmpty();
        };
    require(right, delivery.name() + " ends wrongly as " + delivery.state());
    require(
        delivery.attempts().stream()
            .map(Attempt::number)
            .toList()
            .equals(IntStream.rangeClosed(1, row.attempts()).boxed().toList()),
        delivery.name() + " has a gap in its attempts");
  }

  private Delivery find(LedgerRow row) {
    return world
        .deliveries
        .find(row.delivery.scope(), row.delivery.id())
        .orElseThrow(() -> new IllegalStateException("lost: " + row.delivery.id().text()));
  }

  private void require(boolean kept, String what) {
    world.ledger.require(kept, what);
  }
}
