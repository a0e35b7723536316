package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.RunningStore;
import dev.feedbackwebhooks.domain.delivery.StoreListener;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.persistence.stored.FingerprintKey;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.RowCodec;
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
import dev.feedbackwebhooks.persistence.stored.SecretBox;
import dev.feedbackwebhooks.persistence.stored.SecretKeyCheck;
import dev.feedbackwebhooks.persistence.stored.SecretKeyFile;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import dev.feedbackwebhooks.persistence.stored.StoredAudit;
import dev.feedbackwebhooks.persistence.stored.StoredCampaigns;
import dev.feedbackwebhooks.persistence.stored.StoredConfigs;
import dev.feedbackwebhooks.persistence.stored.StoredHealth;
import dev.feedbackwebhooks.persistence.stored.StoredReplays;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open store: its file, its lock, and what works on it. */
final class SqliteStore implements RunningStore {
  private static final Logger log = LoggerFactory.getLogger(SqliteStore.class);

  private final DatabaseLock lock;
  private final Database database;
  private final Damage damage;
  private final GroupCommit writes;
  private final EventKeys keys;
  private final Checkpoints checkpoints;
  private final StoredConfigs configs;
  private final StoredCampaigns campaigns;
  private final SqliteQueue queue;
  private final SqliteBook book;
  private final SqlitePurge purge;
  private final StoredAudit audit;
  private final StoredHealth health;
  private final StoredReplays replays;
  private final SqliteChanges changes;
  private final FingerprintKey fingerprints;
  private final long newestDelivery;

  private SqliteStore(
      StoreSettings settings,
      DatabaseLock lock,
      Database database,
      Damage damage,
      Instant now,
      Executor writer,
      Executor background,
      Executor checkpointer,
      Executor checker,
      StoreListener listener)
      throws SQLException {
    SecretBox box =
        SecretKeyCheck.open(
            database.writer(),
            String.valueOf(settings.database()),
            new SecretKeyFile(settings.secretKeyFile()));
    this.fingerprints = fingerprints(database.writer(), box);
    giveBackClaims(database, now);
    this.checkpoints =
        new Checkpoints(database.checkpointer(), checkpointer, writer, database.writer());
    Gathered gathered = Gathered.open(database, background, checkpoints);
    this.lock = lock;
    this.database = database;
    this.damage = damage;
    this.keys = gathered.keys();
    this.writes =
        new GroupCommit(new SqliteSession(database.writer(), damage), writer, gathered, listener);
    ScopeIds scopes = gathered.scopes();
    this.configs = new StoredConfigs(database.lookups(), writes, scopes, new RowCodec(box));
    this.campaigns = new StoredCampaigns(database.lookups(), writes, scopes);
    this.queue = new SqliteQueue(database.lanes(), writes, background, gathered);
    this.book = new SqliteBook(database.reads(), writes, scopes, gathered.tally());
    this.purge = new SqlitePurge(database.reads(), writes, background, gathered);
    this.audit = new StoredAudit(database.reads(), database.reads(), writes, scopes);
    this.health = new StoredHealth(database.reads(), writes::submit);
    this.replays =
        new StoredReplays(
            database.reads(),
            writes,
            background,
            scopes,
            gathered.statements(),
            gathered.tally(),
            new SqliteReplayed(gathered.statements()));
    this.changes = new SqliteChanges(database.reads(), gathered.tally().changes());
    this.newestDelivery = newest(database);
    background.execute(() -> fillFilter(database));
    gathered.blocks().start(writes, newestDelivery);
    database.checkRest(checker);
  }

  /**
   * Opens the store, or makes it.
   *
   * @param writer runs tasks one after the other
   * @param checkpointer a thread of its own: native code blocks it while the disk works
   * @param checker another one, which is busy for many seconds after the start with a large file
   * @throws StoreException if it cannot be used
   */
  static SqliteStore open(
      StoreSettings settings,
      Instant now,
      Executor writer,
      Executor background,
      Executor checkpointer,
      Executor checker,
      StoreListener listener) {
    DatabaseLock lock = DatabaseLock.take(settings.database());
    Damage damage = new Damage(settings.database());
    Database database = null;
    try {
      Integrity.refuseEmptied(settings);
      Database.create(settings.database());
      lock.lockFile();
      database = Database.open(settings.database(), damage, lock::lockFile);
      return new SqliteStore(
          settings,
          lock,
          database,
          damage,
          now,
          writer,
          background,
          checkpointer,
          checker,
          listener);
    } catch (SQLException e) {
      giveUp(lock, database, e);
      throw Database.cannotOpen(settings.database(), e);
    } catch (RuntimeException e) {
      giveUp(lock, database, e);
      throw e;
    }
  }

  private static void giveUp(DatabaseLock lock, @Nullable Database database, Exception cause) {
    try {
      if (database != null) {
        database.close();
      }
      lock.close();
    } catch (SQLException | IOException e) {
      cause.addSuppressed(e);
    }
  }

  StoredConfigs configs() {
    return configs;
  }

  StoredCampaigns campaigns() {
    return campaigns;
  }

  SqliteQueue queue() {
    return queue;
  }

  SqliteBook book() {
    return book;
  }

  SqlitePurge purge() {
    return purge;
  }

  StoredHealth health() {
    return health;
  }

  StoredAudit audit() {
    return audit;
  }

  StoredReplays replays() {
    return replays;
  }

  SqliteChanges changes() {
    return changes;
  }

  FingerprintKey fingerprints() {
    return fingerprints;
  }

  EventKeys keys() {
    return keys;
  }

  private void fillFilter(Database from) {
    try {
      keys.fillFilter(from.reads());
    } catch (JdbiException | Fault.Unavailable e) {
      // Closed in the middle of it, most likely. Without it, all is as right and a bit slower.
      log.atDebug().addKeyValue("cause", e.getMessage()).log("not all event keys were read");
    }
  }

  /** Writes a page. */
  @Override
  public void probe() {
    var _ =
        writes.submit(connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("UPDATE write_probe SET writes = writes + 1");
          }
        });
  }

  /** A file needs nothing. */
  @Override
  public void keepUp(Instant now) {}

  @Override
  public CompletionStage<String> damaged() {
    return damage.found();
  }

  GroupCommit writes() {
    return writes;
  }

  /** The newest delivery's id; 0 without any. */
  long newestDelivery() {
    return newestDelivery;
  }

  @Override
  public void close() {
    // What was submitted before comes first; then nothing uses the connection any more.
    var _ = book.writeLatencies();
    writes.close();
    try {
      checkpoints.close();
      database.close();
      lock.close();
    } catch (SQLException | IOException e) {
      throw new StoreException("the database did not close: " + e.getMessage(), e);
    }
  }

  private static FingerprintKey fingerprints(Connection writer, SecretBox box) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      FingerprintKey key = FingerprintKey.open(writer, box);
      statement.execute("COMMIT");
      return key;
    }
  }

  /** Whoever held claims is dead, since the lock is ours: what it held is due again. */
  private static void giveBackClaims(Database database, Instant now) throws SQLException {
    try (PreparedStatement update =
        database
            .writer()
            .prepareStatement("UPDATE delivery SET state = 0, due_at = ? WHERE state = 1")) {
      update.setLong(1, now.toEpochMilli());
      update.executeUpdate();
    }
  }

  private static long newest(Database database) throws SQLException {
    try (Statement statement = database.writer().createStatement();
        ResultSet row = statement.executeQuery("SELECT COALESCE(MAX(id), 0) FROM delivery")) {
      return row.getLong(1);
    }
  }
}
