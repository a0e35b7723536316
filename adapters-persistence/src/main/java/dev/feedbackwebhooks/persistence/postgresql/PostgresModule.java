package dev.feedbackwebhooks.persistence.postgresql;

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
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Binds the stores' ports. Needs an {@link InstantSource} and two executors:
 * {@code @Named("writer")}, which runs one task after the other, and {@code @Named("background")};
 * both may be blocked. Binds {@link RunningStore} and {@link IdSeries}.
 */
public final class PostgresModule extends AbstractModule {
  private final PostgresSettings settings;

  public PostgresModule(PostgresSettings settings) {
    this.settings = settings;
  }

  /**
   * Exchanges the key that stored secrets are encrypted with, while no server works on the
   * database.
   *
   * @param keepOldKeys leaves them in the file, for backups of the database
   * @throws StoreException if it cannot; then it may be run again
   */
  public static KeyRotation rotateSecretKey(PostgresSettings settings, boolean keepOldKeys) {
    return PostgresKeyRotation.run(settings, keepOldKeys);
  }

  /**
   * Opens a database for a command, and brings its schema up to date.
   *
   * @throws StoreException if it is none that this program can use, or a server works on it
   */
  public static OfflineStore offline(PostgresSettings settings) {
    return OfflinePostgres.open(settings);
  }

  /**
   * Gives the days of these times partitions, for deliveries that are about to be copied: a day
   * that begins in the default one stays there.
   */
  public static void makeDays(OfflineStore store, List<Instant> times) throws SQLException {
    Connection connection = store.connection();
    Set<Day> there = DayPartitions.list(connection);
    connection.rollback();
    for (Instant time : times) {
      if (!there.contains(Day.of(time))) {
        DayPartitions.make(connection, Day.of(time));
        connection.commit();
      }
    }
  }

  /**
   * Keeps servers from starting until the transaction that is open ends.
   *
   * @throws StoreException if one works on the database already
   */
  public static void keepServersOut(OfflineStore store) throws SQLException {
    OfflinePostgres.keepServersOut(store);
  }

  @Provides
  @Singleton
  PostgresStore store(
      InstantSource clock,
      @Named("writer") Executor writer,
      @Named("background") Executor background,
      StoreListener listener) {
    return PostgresStore.open(
        settings, DatabaseClock.measuredFrom(clock), clock.instant(), writer, background, listener);
  }

  @Provides
  ConfigStore configs(PostgresStore store) {
    return store.configs();
  }

  @Provides
  CampaignStore campaigns(PostgresStore store) {
    return store.campaigns();
  }

  @Provides
  AuditStore audit(PostgresStore store) {
    return store.audit();
  }

  @Provides
  HealthStore health(PostgresStore store) {
    return store.health();
  }

  @Provides
  DeliveryQueue queue(PostgresStore store) {
    return store.queue();
  }

  @Provides
  DeliveryReads book(PostgresStore store) {
    return store.book();
  }

  @Provides
  DeliveryPurge purge(PostgresStore store) {
    return store.purge();
  }

  @Provides
  JobLeases duties(PostgresStore store) {
    return store.duties();
  }

  @Provides
  ChangeStore changes(PostgresStore store) {
    return store.changes();
  }

  @Provides
  ReplayStore replays(PostgresStore store) {
    return store.replays();
  }

  @Provides
  Fingerprints fingerprints(PostgresStore store) {
    return store.fingerprints();
  }

  @Provides
  RunningStore whole(PostgresStore store) {
    return store;
  }

  @Provides
  IdSeries ids(PostgresStore store) {
    return store.ids();
  }

  @Provides
  Nodes nodes(PostgresStore store) {
    return store.nodes();
  }
}
