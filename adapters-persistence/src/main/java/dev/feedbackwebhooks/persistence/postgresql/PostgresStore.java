package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.delivery.IdSeries;
import dev.feedbackwebhooks.domain.delivery.RunningStore;
import dev.feedbackwebhooks.domain.delivery.StoreListener;
import dev.feedbackwebhooks.persistence.stored.FingerprintKey;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.RowCodec;
import dev.feedbackwebhooks.persistence.stored.SecretBox;
import dev.feedbackwebhooks.persistence.stored.SecretKeyCheck;
import dev.feedbackwebhooks.persistence.stored.SecretKeyFile;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import dev.feedbackwebhooks.persistence.stored.StoredAudit;
import dev.feedbackwebhooks.persistence.stored.StoredCampaigns;
import dev.feedbackwebhooks.persistence.stored.StoredConfigs;
import dev.feedbackwebhooks.persistence.stored.StoredHealth;
import dev.feedbackwebhooks.persistence.stored.StoredReplays;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** An open store: its connections, and what works on them. */
final class PostgresStore implements RunningStore {
  private final PostgresDatabase database;
  private final GroupCommit writes;
  private final PostgresSingles singles;
  private final Incarnations incarnations;
  private final PostgresDuties duties;
  private final StoredConfigs configs;
  private final StoredCampaigns campaigns;
  private final PostgresQueue queue;
  private final PostgresBook book;
  private final PostgresPurge purge;
  private final DayPartitions days;
  private final Durability durability;
  private final PostgresChanges changes;
  private final StoredAudit audit;
  private final StoredHealth health;
  private final StoredReplays replays;
  private final FingerprintKey fingerprints;
  private final PostgresNodes nodes;
  private final IdSeries ids;

  private PostgresStore(
      PostgresDatabase database,
      PostgresSingles singles,
      Incarnations incarnations,
      Keys keys,
      PostgresGathered gathered,
      Executor writer,
      Executor background,
      StoreListener listener) {
    this.database = database;
    this.singles = singles;
    this.incarnations = incarnations;
    this.duties = new PostgresDuties(singles, new SecureRandom().nextLong());
    this.fingerprints = keys.fingerprints();
    this.ids = gathered.node().ids();
    this.writes = new GroupCommit(database.session(), writer, gathered, listener);
    this.nodes = new PostgresNodes(writes, gathered);
    this.configs =
        new StoredConfigs(database.lookups(), writes, gathered.scopes(), new RowCodec(keys.box()));
    this.campaigns = new StoredCampaigns(database.lookups(), writes, gathered.scopes());
    this.queue = new PostgresQueue(database.lookups(), writes, background, gathered, singles);
    this.book = new PostgresBook(database.reads(), writes, gathered);
    this.purge =
        new PostgresPurge(
            database.reads(),
            database.upkeep(),
            background,
            new RowPurge(database.reads(), writes, gathered));
    this.days = new DayPartitions(database.upkeep());
    this.durability = new Durability(database.upkeep(), listener);
    this.changes = new PostgresChanges(database.reads(), gathered.tally().changes());
    this.audit = new StoredAudit(database.reads(), database.lookups(), writes, gathered.scopes());
    this.health = new StoredHealth(database.reads(), singles);
    this.replays =
        new StoredReplays(
            database.reads(),
            writes,
            background,
            gathered.scopes(),
            gathered.statements(),
            gathered.tally(),
            new PostgresReplayed(gathered));
  }

  /**
   * Opens the store; its database exists, and may be empty.
   *
   * @param now what {@code clock} calls now
   * @param writer runs tasks one after the other, and may be blocked
   * @param background may be blocked
   * @throws StoreException if it cannot be used
   */
  static PostgresStore open(
      PostgresSettings settings,
      DatabaseClock clock,
      Instant now,
      Executor writer,
      Executor background,
      StoreListener listener) {
    PostgresDatabase database = PostgresDatabase.open(settings);
    try {
      Connection connection = database.session().begin();
      PostgresGathered gathered = PostgresGathered.open(connection, clock, now);
      // From here on nobody begins a migration, or exchanges the key; who did before has ended.
      HalfMigrated.refuse(connection, settings);
      Keys keys = Keys.open(connection, settings);
      Incarnations incarnations =
          Incarnations.begin(connection, settings.stateDirectory(), gathered.node().number());
      connection.commit();
      endLeases(connection, incarnations, clock.at(now));
      PostgresSingles singles = PostgresSingles.open(settings, background);
      PostgresStore store =
          new PostgresStore(
              database, singles, incarnations, keys, gathered, writer, background, listener);
      store.keepUp(now);
      return store;
    } catch (SQLException e) {
      database.close();
      throw PostgresDatabase.cannotOpen(settings, e);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static void endLeases(Connection connection, Incarnations incarnations, long at)
      throws SQLException {
    List<Long> dead = incarnations.dead();
    if (!dead.isEmpty() && DeadNodes.endLeases(connection, dead, at)) {
      incarnations.forget(dead);
    }
  }

  /** What stored secrets are encrypted with, and told apart by. */
  private record Keys(SecretBox box, FingerprintKey fingerprints) {
    static Keys open(Connection connection, PostgresSettings settings) throws SQLException {
      // Of two servers that start on an empty database one makes the keys, and both use them.
      DayPartitions.run(connection, PostgresGathered.LOCK_RECORDS);
      SecretKeyFile file = new SecretKeyFile(settings.secretKeyFile());
      SecretBox box = SecretKeyCheck.open(connection, settings.name(), file);
      return new Keys(box, FingerprintKey.open(connection, box));
    }
  }

  StoredConfigs configs() {
    return configs;
  }

  StoredCampaigns campaigns() {
    return campaigns;
  }

  PostgresQueue queue() {
    return queue;
  }

  PostgresBook book() {
    return book;
  }

  PostgresPurge purge() {
    return purge;
  }

  PostgresChanges changes() {
    return changes;
  }

  StoredAudit audit() {
    return audit;
  }

  StoredHealth health() {
    return health;
  }

  StoredReplays replays() {
    return replays;
  }

  PostgresDuties duties() {
    return duties;
  }

  FingerprintKey fingerprints() {
    return fingerprints;
  }

  /** Writes a row that says what it said before. */
  @Override
  public void probe() {
    var _ =
        writes.submit(connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("UPDATE secret_key_check SET encrypted = encrypted");
          }
        });
  }

  @Override
  public void keepUp(Instant now) {
    days.keepAhead(now);
    durability.look(now);
  }

  /** PostgreSQL looks after its own files. */
  @Override
  public CompletionStage<String> damaged() {
    return new CompletableFuture<>();
  }

  GroupCommit writes() {
    return writes;
  }

  PostgresNodes nodes() {
    return nodes;
  }

  /** Which ids this process may give. */
  IdSeries ids() {
    return ids;
  }

  @Override
  public void close() {
    // What was submitted before comes first; then nothing uses the connection any more.
    var _ = book.writeLatencies();
    nodes.leave();
    writes.close();
    singles.close();
    database.close();
    incarnations.close();
  }
}
