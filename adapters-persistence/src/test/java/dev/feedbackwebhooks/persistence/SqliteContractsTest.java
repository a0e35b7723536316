package dev.feedbackwebhooks.persistence;

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
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** SQLite keeps the contracts of the stores. */
@NullUnmarked
class SqliteContractsTest extends StoreContracts {
  @TempDir Path directory;

  private OpenStore open;

  @BeforeEach
  void open() {
    open = OpenStore.in(directory);
  }

  @AfterEach
  void close() throws Exception {
    open.close();
  }

  @Override
  protected void reachable(boolean reachable) {
    run(
        reachable
            ? "ALTER TABLE away RENAME TO secret_key_check"
            : "ALTER TABLE secret_key_check RENAME TO away");
  }

  @Override
  protected void refuse(String eventId) {
    for (String change : List.of("INSERT", "UPDATE")) {
      run(
          "CREATE TRIGGER refuse_"
              + change
              + " BEFORE "
              + change
              + " ON delivery WHEN NEW.event_id = '"
              + eventId
              + "' BEGIN SELECT RAISE(ABORT, 'refused'); END");
    }
  }

  private void run(String sql) {
    try (Connection other = Database.beside(OpenStore.settings(directory).database());
        Statement statement = other.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
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
