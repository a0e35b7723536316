package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.delivery.DeliveryBook;
import dev.feedbackwebhooks.domain.delivery.DeliveryPurge;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.HealthStore;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import org.junit.jupiter.api.Nested;

/** The stores in memory keep the contracts that the real ones keep. */
class InMemoryContractsTest {
  private final InMemoryStore store = new InMemoryStore();
  private final InMemoryDeliveries deliveries = new InMemoryDeliveries(store);
  private final InMemoryReplays replays = new InMemoryReplays(deliveries, store);

  @Nested
  class Configs extends ConfigStoreContract {
    @Override
    protected ConfigStore configs() {
      return store;
    }
  }

  @Nested
  class Campaigns extends CampaignStoreContract {
    @Override
    protected CampaignStore campaigns() {
      return store;
    }

    @Override
    protected ConfigStore configs() {
      return store;
    }
  }

  @Nested
  class Queue extends DeliveryQueueContract {
    @Override
    protected DeliveryQueue queue() {
      return deliveries;
    }

    @Override
    protected DeliveryBook book() {
      return deliveries;
    }

    @Override
    protected ConfigStore configs() {
      return store;
    }
  }

  @Nested
  class Health extends HealthStoreContract {
    private final InMemoryHealth health = new InMemoryHealth();

    @Override
    protected HealthStore health() {
      return health;
    }
  }

  @Nested
  class Purge extends DeliveryPurgeContract {
    @Override
    protected DeliveryPurge purge() {
      return deliveries;
    }

    @Override
    protected DeliveryQueue queue() {
      return deliveries;
    }

    @Override
    protected DeliveryBook book() {
      return deliveries;
    }

    @Override
    protected ConfigStore configs() {
      return store;
    }
  }

  @Nested
  class Book extends DeliveryBookContract {
    @Override
    protected DeliveryQueue queue() {
      return deliveries;
    }

    @Override
    protected DeliveryBook book() {
      return deliveries;
    }

    @Override
    protected ConfigStore configs() {
      return store;
    }
  }

  @Nested
  class Changes extends ChangeStoreContract {
    @Override
    protected ChangeStore changes() {
      return deliveries.changes();
    }

    @Override
    protected DeliveryQueue queue() {
      return deliveries;
    }

    @Override
    protected DeliveryBook book() {
      return deliveries;
    }

    @Override
    protected ConfigStore configs() {
      return store;
    }
  }

  @Nested
  class Replays extends ReplayStoreContract {
    @Override
    protected ReplayStore replays() {
      return replays;
    }

    @Override
    protected AuditStore audit() {
      return store;
    }

    @Override
    protected DeliveryPurge purge() {
      return deliveries;
    }

    @Override
    protected DeliveryQueue queue() {
      return deliveries;
    }

    @Override
    protected DeliveryBook book() {
      return deliveries;
    }

    @Override
    protected ConfigStore configs() {
      return store;
    }
  }

  @Nested
  class Audit extends AuditStoreContract {
    @Override
    protected AuditStore audit() {
      return store;
    }

    @Override
    protected CampaignStore campaigns() {
      return store;
    }

    @Override
    protected DeliveryQueue queue() {
      return deliveries;
    }

    @Override
    protected DeliveryBook book() {
      return deliveries;
    }

    @Override
    protected ConfigStore configs() {
      return store;
    }
  }
}
