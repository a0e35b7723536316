package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.delivery.DeliveryBook;
import dev.feedbackwebhooks.domain.delivery.DeliveryPurge;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.HealthStore;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.testing.AuditStoreContract;
import dev.feedbackwebhooks.domain.testing.CampaignStoreContract;
import dev.feedbackwebhooks.domain.testing.ChangeStoreContract;
import dev.feedbackwebhooks.domain.testing.ConfigStoreContract;
import dev.feedbackwebhooks.domain.testing.DeliveryBookContract;
import dev.feedbackwebhooks.domain.testing.DeliveryPurgeContract;
import dev.feedbackwebhooks.domain.testing.DeliveryQueueContract;
import dev.feedbackwebhooks.domain.testing.HealthStoreContract;
import dev.feedbackwebhooks.domain.testing.ReplayStoreContract;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL keeps the contracts of the stores. */
@NullUnmarked
class PostgresContractsTest {
  @TempDir Path directory;

  private OpenPostgres open;

  @BeforeEach
  void open() throws SQLException {
    open = OpenPostgres.fresh(directory);
  }

  @AfterEach
  void close() {
    open.close();
  }

  @Nested
  class Configs extends ConfigStoreContract {
    @Override
    protected ConfigStore configs() {
      return open.store().configs();
    }
  }

  @Nested
  class Campaigns extends CampaignStoreContract {
    @Override
    protected CampaignStore campaigns() {
      return open.store().campaigns();
    }

    @Override
    protected ConfigStore configs() {
      return open.store().configs();
    }
  }

  @Nested
  class Health extends HealthStoreContract {
    @Override
    protected HealthStore health() {
      return open.store().health();
    }
  }

  @Nested
  class Queue extends DeliveryQueueContract {
    @Override
    protected DeliveryQueue queue() {
      return open.store().queue();
    }

    @Override
    protected DeliveryBook book() {
      return open.store().book();
    }

    @Override
    protected ConfigStore configs() {
      return open.store().configs();
    }
  }

  @Nested
  class Book extends DeliveryBookContract {
    @Override
    protected DeliveryQueue queue() {
      return open.store().queue();
    }

    @Override
    protected DeliveryBook book() {
      return open.store().book();
    }

    @Override
    protected ConfigStore configs() {
      return open.store().configs();
    }
  }

  @Nested
  class Purge extends DeliveryPurgeContract {
    @Override
    protected DeliveryPurge purge() {
      return open.store().purge();
    }

    @Override
    protected DeliveryQueue queue() {
      return open.store().queue();
    }

    @Override
    protected DeliveryBook book() {
      return open.store().book();
    }

    @Override
    protected ConfigStore configs() {
      return open.store().configs();
    }
  }

  @Nested
  class Changes extends ChangeStoreContract {
    @Override
    protected ChangeStore changes() {
      return open.store().changes();
    }

    @Override
    protected DeliveryQueue queue() {
      return open.store().queue();
    }

    @Override
    protected DeliveryBook book() {
      return open.store().book();
    }

    @Override
    protected ConfigStore configs() {
      return open.store().configs();
    }
  }

  @Nested
  class Replays extends ReplayStoreContract {
    @Override
    protected ReplayStore replays() {
      return open.store().replays();
    }

    @Override
    protected AuditStore audit() {
      return open.store().audit();
    }

    @Override
    protected DeliveryPurge purge() {
      return open.store().purge();
    }

    @Override
    protected DeliveryQueue queue() {
      return open.store().queue();
    }

    @Override
    protected DeliveryBook book() {
      return open.store().book();
    }

    @Override
    protected ConfigStore configs() {
      return open.store().configs();
    }
  }

  @Nested
  class Audit extends AuditStoreContract {
    @Override
    protected AuditStore audit() {
      return open.store().audit();
    }

    @Override
    protected CampaignStore campaigns() {
      return open.store().campaigns();
    }

    @Override
    protected DeliveryQueue queue() {
      return open.store().queue();
    }

    @Override
    protected DeliveryBook book() {
      return open.store().book();
    }

    @Override
    protected ConfigStore configs() {
      return open.store().configs();
    }
  }
}
