package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConnection;

/**
 * A SQLite file in WAL mode: one connection that writes, a few that read beside it. With {@code
 * synchronous=FULL} a commit is on the disk when it returns; NORMAL would lose the last ones with
 * the power.
 */
final class Database implements AutoCloseable {
  /** For what operators ask, which may take long. */
  private static final int READERS = 3;

  /** For configurations and campaigns, which events wait for. */
  private static final int LOOKUPS = 2;

  private static final int BUSY_MILLIS = 10_000;

  /** For what runs beside a busy server, and for no caller that waits. */
  private static final int PATIENT_MILLIS = 60_000;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Logger log = LoggerFactory.getLogger(Database.class);

  private final OpenMark mark;
  private final Connection writer;
  private final Connection checkpointer;
  private final List<Connection> readers = new ArrayList<>();
  private final Reads reads;
  private final Reads lookups;
  private final Reads lanes;
  private final Damage damage;
  private final boolean checked;

  private Database(Path file, Damage damage, OpenMark mark, Runnable opened)
      throws SQLException, IOException {
    String url = "jdbc:sqlite:" + file;
    this.damage = damage;
    this.mark = mark;
    if (mark.isLogMissing()) {
      log.atError()
          .addKeyValue("log", mark.log())
          .log(
              "the last end was no clean one, and the write-ahead log that it left is not there any"
                  + " more: unless SQLite's own tools copied it back, the last events that were"
                  + " acknowledged are lost");
    }
    this.writer = connect(writerConfig(), file);
    try {
      this.checked = Integrity.checkAtStart(writer, file);
      opened.run();
      Schema.migrate(writer);
      firstWrite();
      mark.set();
    } catch (SQLException | IOException | RuntimeException e) {
      unmark(e);
      writer.close();
      throw e;
    }
    warnOfReaders(file);
    this.checkpointer = checkpointerConfig().createConnection(url);
    this.reads = pool(url, READERS);
    this.lookups = pool(url, LOOKUPS);
    this.lanes = pool(url, 1);
  }

  private void unmark(Exception cause) {
    try {
      mark.remove();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Finds out whether anything can be written, and leaves something in the log. */
  private void firstWrite() throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.executeUpdate("UPDATE write_probe SET writes = writes + 1");
    }
  }

  /**
   * The files name recipients; who made them by hand, or copied them, may not have thought of it.
   */
  private static void warnOfReaders(Path file) throws IOException {
    List<String> open = new ArrayList<>();
    for (String suffix : List.of("", "-wal", "-shm")) {
      Path each = file.resolveSibling(file.getFileName() + suffix);
      if (Files.exists(each)
          && Files.getFileAttributeView(each, PosixFileAttributeView.class) != null) {
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(each));
        if (!permissions.endsWith("------")) {
          open.add(each + " (" + permissions + ")");
        }
      }
    }
    if (!open.isEmpty()) {
      log.atWarn()
          .addKeyValue("files", String.join(", ", open))
          .log("the database may be read by others than its owner: chmod 600 these files");
    }
  }

  private static Connection connect(SQLiteConfig config, Path file) throws SQLException {
    NativeSqlite.load(file);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  private Reads pool(String url, int size) throws SQLException {
    ArrayBlockingQueue<Connection> idle = new ArrayBlockingQueue<>(size);
    for (int i = 0; i < size; i++) {
      Connection reader = readerConfig().createConnection(url);
      readers.add(reader);
      idle.add(reader);
    }
    Jdbi jdbi =
        Jdbi.create(new Pool(idle))
            .setSqlLogger(
                new SqlLogger() {
                  @Override
                  public void logException(StatementContext context, SQLException failure) {
                    damage.hear(failure);
                  }
                });
    return new Reads(jdbi, new SqliteFailures());
  }

  /** Makes the file, unless there is one. */
  static void create(Path file) {
    try {
      if (!Files.exists(file)) {
        // It names recipients. SQLite gives the files beside it the same permissions.
        Files.createFile(file, OWNER_ONLY);
      }
    } catch (IOException e) {
      throw new StoreException("cannot open the database " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * @param opened called once it was read from, and before anything is written
   * @throws StoreException if it is no database that this program can use, or a damaged one
   */
  static Database open(Path file, Damage damage, Runnable opened) {
    try {
      return new Database(file, damage, OpenMark.of(file), opened);
    } catch (SQLException e) {
      throw cannotOpen(file, e);
    } catch (IOException e) {
      throw new StoreException("cannot open the database " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * A connection that writes beside a server: it leaves checkpoints to that one, and waits for its
   * turn. Whoever closes a database last copies the log back.
   */
  static Connection beside(Path file) throws SQLException {
    SQLiteConfig config = checkpointerConfig();
    config.setBusyTimeout(PATIENT_MILLIS);
    return connect(config, file);
  }

  /** A connection that changes nothing, of a file that no server uses. */
  static Connection readOnly(Path file) throws SQLException {
    return connect(readerConfig(), file);
  }

  static StoreException cannotOpen(Path file, SQLException e) {
    return new StoreException(
        Damage.isTold(e)
            ? Damage.advice(file, String.valueOf(e.getMessage()))
            : "cannot open the database " + file + ": " + e.getMessage(),
        e);
  }

  /** Checks what was too large to be checked before. */
  void checkRest(Executor background) {
    if (!checked) {
      Integrity.checkLarge(reads, background, damage);
    }
  }

  /** For the writer only. */
  Connection writer() {
    return writer;
  }

  /** For checkpoints only, which close it. */
  Connection checkpointer() {
    return checkpointer;
  }

  /** For any thread; waits for one of the reading connections. */
  Reads reads() {
    return reads;
  }

  /** The same, for short questions that must not wait behind long ones. */
  Reads lookups() {
    return lookups;
  }

  /** The same, for the engine's look at what waits. */
  Reads lanes() {
    return lanes;
  }

  @Override
  public void close() throws SQLException, IOException {
    mark.remove();
    for (Connection reader : readers) {
      // What still runs on it, a check of the whole file say, would be waited for.
      reader.unwrap(SQLiteConnection.class).getDatabase().interrupt();
      reader.close();
    }
    writer.close();
  }

  private static SQLiteConfig writerConfig() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(false);
    // Else the driver asks for the last row's id after each statement.
    config.setGetGeneratedKeys(false);
    config.setCacheSize(-32_000);
    config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, String.valueOf(64 << 20));
    return withoutCheckpoints(config);
  }

  private static SQLiteConfig checkpointerConfig() {
    SQLiteConfig config = new SQLiteConfig();
    config.setSynchronous(SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    return withoutCheckpoints(config);
  }

  /** See {@link Checkpoints}. */
  private static SQLiteConfig withoutCheckpoints(SQLiteConfig config) {
    config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, "0");
    return config;
  }

  private static SQLiteConfig readerConfig() {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    return config;
  }

  private record Pool(ArrayBlockingQueue<Connection> idle) implements ConnectionFactory {
    @Override
    public Connection openConnection() throws SQLException {
      try {
        return idle.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SQLException("interrupted while waiting for a connection", e);
      }
    }

    @Override
    public void closeConnection(Connection connection) {
      idle.add(connection);
    }
  }
}
