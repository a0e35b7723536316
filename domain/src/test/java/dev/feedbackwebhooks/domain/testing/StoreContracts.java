package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.health.HealthStore;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import org.junit.jupiter.api.Nested;

/** The contracts of the stores together, for whoever has all of them. */
public abstract class StoreContracts {
  protected abstract ConfigStore configs();

  protected abstract CampaignStore campaigns();

  protected abstract AuditStore audit();

  protected abstract HealthStore health();

  protected abstract DeliveryQueue queue();

  protected abstract DeliveryReads book();

  protected abstract DeliveryPurge purge();

  protected abstract ReplayStore replays();

  protected abstract ChangeStore changes();

  /** Takes the store away from those who use it, or gives it back to them. */
  protected abstract void reachable(boolean reachable);

  /** From now on the store refuses what is written of the delivery of this event. */
  protected abstract void refuse(String eventId);

  @Nested
  class Configs extends ConfigStoreContract {
    @Override
    protected ConfigStore configs() {
      return StoreContracts.this.configs();
    }
  }

  @Nested
  class Campaigns extends CampaignStoreContract {
    @Override
    protected CampaignStore campaigns() {
      return StoreContracts.this.campaigns();
    }

    @Override
    protected ConfigStore configs() {
      return StoreContracts.this.configs();
    }
  }

  @Nested
  class Queue extends DeliveryQueueContract {
    @Override
    protected void reachable(boolean reachable) {
      StoreContracts.this.reachable(reachable);
    }

    @Override
    protected void refuse(String eventId) {
      StoreContracts.this.refuse(eventId);
    }

    @Override
    protected DeliveryQueue queue() {
      return StoreContracts.this.queue();
    }

    @Override
    protected DeliveryReads book() {
      return StoreContracts.this.book();
    }

    @Override
    protected ConfigStore configs() {
      return StoreContracts.this.configs();
    }
  }

  @Nested
  class Health extends HealthStoreContract {
    @Override
    protected HealthStore health() {
      return StoreContracts.this.health();
    }

    @Override
    protected ConfigStore configs() {
      return StoreContracts.this.configs();
    }
  }

  @Nested
  class Purge extends DeliveryPurgeContract {
    @Override
    protected void refuse(String eventId) {
      StoreContracts.this.refuse(eventId);
    }

    @Override
    protected DeliveryPurge purge() {
      return StoreContracts.this.purge();
    }

    @Override
    protected DeliveryQueue queue() {
      return StoreContracts.this.queue();
    }

    @Override
    protected DeliveryReads book() {
      return StoreContracts.this.book();
    }

    @Override
    protected ConfigStore configs() {
      return StoreContracts.this.configs();
    }
  }

  @Nested
  class Book extends DeliveryReadsContract {
    @Override
    protected DeliveryQueue queue() {
      return StoreContracts.this.queue();
    }

    @Override
    protected DeliveryReads book() {
      return StoreContracts.this.book();
    }

    @Override
    protected ConfigStore configs() {
      return StoreContracts.this.configs();
    }
  }

  @Nested
  class Changes extends ChangeStoreContract {
    @Override
    protected ChangeStore changes() {
      return StoreContracts.this.changes();
    }

    @Override
    protected DeliveryQueue queue() {
      return StoreContracts.this.queue();
    }

    @Override
    protected DeliveryReads book() {
      return StoreContracts.this.book();
    }

    @Override
    protected ConfigStore configs() {
      return StoreContracts.this.configs();
    }
  }

  @Nested
  class Replays extends ReplayStoreContract {
    @Override
    protected ReplayStore replays() {
      return StoreContracts.this.replays();
    }

    @Override
    protected AuditStore audit() {
      return StoreContracts.this.audit();
    }

    @Override
    protected DeliveryPurge purge() {
      return StoreContracts.this.purge();
    }

    @Override
    protected DeliveryQueue queue() {
      return StoreContracts.this.queue();
    }

    @Override
    protected DeliveryReads book() {
      return StoreContracts.this.book();
    }

    @Override
    protected ConfigStore configs() {
      return StoreContracts.this.configs();
    }
  }

  @Nested
  class Audit extends AuditStoreContract {
    @Override
    protected AuditStore audit() {
      return StoreContracts.this.audit();
    }

    @Override
    protected CampaignStore campaigns() {
      return StoreContracts.this.campaigns();
    }

    @Override
    protected DeliveryQueue queue() {
      return StoreContracts.this.queue();
    }

    @Override
    protected DeliveryReads book() {
      return StoreContracts.this.book();
    }

    @Override
    protected ConfigStore configs() {
      return StoreContracts.this.configs();
    }
  }
}
