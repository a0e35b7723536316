package dev.feedbackwebhooks.persistence;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.name.Named;
import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.delivery.IdSeries;
import dev.feedbackwebhooks.domain.delivery.RunningStore;
import dev.feedbackwebhooks.domain.delivery.StoreListener;
import dev.feedbackwebhooks.domain.health.HealthStore;
import dev.feedbackwebhooks.domain.key.Fingerprints;
import dev.feedbackwebhooks.domain.node.JobLeases;
import dev.feedbackwebhooks.domain.node.Nodes;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import dev.feedbackwebhooks.persistence.stored.KeyRotation;
import dev.feedbackwebhooks.persistence.stored.OfflineStore;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * Binds the stores' ports. Needs an {@link InstantSource} and four executors:
 * {@code @Named("writer")}, which runs one task after the other, {@code @Named("background")},
 * which may be blocked, and {@code @Named("checkpointer")} and {@code @Named("checker")}, which
 * native code blocks. Binds {@link RunningStore} and {@link IdSeries}.
 */
public final class PersistenceModule extends AbstractModule {
  private final StoreSettings settings;

  public PersistenceModule(StoreSettings settings) {
    this.settings = settings;
  }

  /**
   * Exchanges the key that stored secrets are encrypted with; a server may run on the database.
   *
   * @param keepOldKeys leaves them in the file, for backups of the database
   * @throws StoreException if it cannot; what it did until then stands, and it may be run again
   */
  public static KeyRotation rotateSecretKey(StoreSettings settings, boolean keepOldKeys) {
    try (OpenMark.Watch _ = OpenMark.watch(settings.database());
        SecretKeyRotation rotation = SecretKeyRotation.open(settings)) {
      return rotation.rotate(keepOldKeys);
    } catch (SQLException | IOException e) {
      throw new StoreException(
          "cannot write to the database " + settings.database() + ": " + e.getMessage(), e);
    }
  }

  /**
   * What a copy of a database holds.
   *
   * @param bytes size of the file
   */
  public record Backup(long configurations, long deliveries, long bytes) {}

  /**
   * Copies a database into one file of mode 0600, without the key of its secrets; a server may run
   * on the database.
   *
   * @param target must not exist
   * @throws StoreException if it cannot; then there is no target
   */
  public static Backup backup(Path database, Path target) {
    return DatabaseBackup.write(database, target);
  }

  /**
   * Puts such a copy where a server will look for its database.
   *
   * @param settings a database that does not exist, and the key file that fits the copy
   * @throws StoreException if it cannot; then nothing was put there
   */
  public static Backup restore(Path copy, StoreSettings settings) {
    return DatabaseBackup.restore(copy, settings);
  }

  /**
   * Opens a database for a command that reads it; nothing in it is changed.
   *
   * @throws StoreException if there is none of this version, a server uses it, or the key file does
   *     not fit it
   */
  public static OfflineStore offline(StoreSettings settings) {
    return OfflineSqlite.open(settings);
  }

  @Provides
  @Singleton
  SqliteStore store(
      InstantSource clock,
      @Named("writer") Executor writer,
      @Named("background") Executor background,
      @Named("checkpointer") Executor checkpointer,
      @Named("checker") Executor checker,
      StoreListener listener) {
    return SqliteStore.open(
        settings, clock.instant(), writer, background, checkpointer, checker, listener);
  }

  @Provides
  ConfigStore configs(SqliteStore store) {
    return store.configs();
  }

  @Provides
  CampaignStore campaigns(SqliteStore store) {
    return store.campaigns();
  }

  @Provides
  AuditStore audit(SqliteStore store) {
    return store.audit();
  }

  @Provides
  HealthStore health(SqliteStore store) {
    return store.health();
  }

  @Provides
  Fingerprints fingerprints(SqliteStore store) {
    return store.fingerprints();
  }

  @Provides
  DeliveryQueue queue(SqliteStore store) {
    return store.queue();
  }

  @Provides
  DeliveryReads book(SqliteStore store) {
    return store.book();
  }

  @Provides
  DeliveryPurge purge(SqliteStore store) {
    return store.purge();
  }

  @Provides
  ReplayStore replays(SqliteStore store) {
    return store.replays();
  }

  @Provides
  JobLeases duties() {
    return JobLeases.alone();
  }

  @Provides
  ChangeStore changes(SqliteStore store) {
    return store.changes();
  }

  @Provides
  RunningStore whole(SqliteStore store) {
    return store;
  }

  @Provides
  IdSeries ids(SqliteStore store) {
    return IdSeries.whole(store.newestDelivery());
  }

  @Provides
  Nodes nodes() {
    return Nodes.alone();
  }
}
