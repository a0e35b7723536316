package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.health.HealthStore;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import java.time.Duration;

/** The stores in memory keep the contracts that the real ones keep. */
class InMemoryContractsTest extends StoreContracts {
  private final InMemoryStore store = new InMemoryStore();
  private final InMemoryDeliveries deliveries = new InMemoryDeliveries(store);
  private final InMemoryReplays replays = new InMemoryReplays(deliveries, store);
  private final InMemoryHealth health = new InMemoryHealth();

  @Override
  protected void reachable(boolean reachable) {
    deliveries.fail(
        reachable
            ? null
            : new Fault.Unavailable(Reason.STORE_UNAVAILABLE, "away", Duration.ofSeconds(1)));
  }

  @Override
  protected void refuse(String eventId) {
    deliveries.refuse(delivery -> delivery.subject().eventId().equals(eventId));
  }

  @Override
  protected ConfigStore configs() {
    return store;
  }

  @Override
  protected CampaignStore campaigns() {
    return store;
  }

  @Override
  protected AuditStore audit() {
    return store;
  }

  @Override
  protected HealthStore health() {
    return health;
  }

  @Override
  protected DeliveryQueue queue() {
    return deliveries;
  }

  @Override
  protected DeliveryReads book() {
    return deliveries;
  }

  @Override
  protected DeliveryPurge purge() {
    return deliveries;
  }

  @Override
  protected ReplayStore replays() {
    return replays;
  }

  @Override
  protected ChangeStore changes() {
    return deliveries.changes();
  }
}
