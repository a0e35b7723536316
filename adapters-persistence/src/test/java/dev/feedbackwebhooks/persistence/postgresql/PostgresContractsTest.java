package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.health.HealthStore;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge;
import dev.feedbackwebhooks.domain.testing.StoreContracts;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL keeps the contracts of the stores. */
@NullUnmarked
class PostgresContractsTest extends StoreContracts {
  @TempDir Path directory;

  private String url;
  private OpenPostgres open;

  @BeforeEach
  void open() throws SQLException {
    url = PostgresServer.freshDatabase();
    open = OpenPostgres.on(url, directory);
  }

  @AfterEach
  void close() {
    open.close();
  }

  @Override
  protected void reachable(boolean reachable) {
    try {
      PostgresServer.reachable(url, reachable);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected void refuse(String eventId) {
    open.run(
        "ALTER TABLE delivery ADD CONSTRAINT refused CHECK (event_id <> '"
            + eventId
            + "') NOT VALID");
  }

  @Override
  protected ConfigStore configs() {
    return open.store().configs();
  }

  @Override
  protected CampaignStore campaigns() {
    return open.store().campaigns();
  }

  @Override
  protected AuditStore audit() {
    return open.store().audit();
  }

  @Override
  protected HealthStore health() {
    return open.store().health();
  }

  @Override
  protected DeliveryQueue queue() {
    return open.store().queue();
  }

  @Override
  protected DeliveryReads book() {
    return open.store().book();
  }

  @Override
  protected DeliveryPurge purge() {
    return open.store().purge();
  }

  @Override
  protected ReplayStore replays() {
    return open.store().replays();
  }

  @Override
  protected ChangeStore changes() {
    return open.store().changes();
  }
}
