package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.delivery.HealthStore;
import dev.feedbackwebhooks.domain.testing.CampaignStoreContract;
import dev.feedbackwebhooks.domain.testing.ConfigStoreContract;
import dev.feedbackwebhooks.domain.testing.HealthStoreContract;
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
}
