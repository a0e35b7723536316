package dev.feedbackwebhooks.persistence.postgresql;

import com.google.common.base.Throwables;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.feedbackwebhooks.persistence.stored.FailureKind;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.StorableText;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A database: one connection that writes, some that read beside it, and one for its upkeep. */
final class PostgresDatabase implements AutoCloseable {
  /** For what operators ask, which may take long. */
  private static final int READERS = 5;

  /** For configurations and campaigns, which events wait for. */
  private static final int LOOKUPS = 3;

  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);

  private final PostgresSession session;
  private final HikariDataSource readers;
  private final HikariDataSource lookups;
  private final HikariDataSource upkeep;

  private PostgresDatabase(PostgresSettings settings, PostgresSession session) {
    this.session = session;
    this.readers = pool(settings, "readers", READERS, Duration.ofSeconds(10));
    this.lookups = pool(settings, "lookups", LOOKUPS, Duration.ofSeconds(3));
    this.upkeep = upkeep(settings);
  }

  /**
   * Opens a database and brings its schema up to date.
   *
   * @throws StoreException if it is none that this program can use
   */
  static PostgresDatabase open(PostgresSettings settings) {
    return new PostgresDatabase(settings, session(settings, _ -> {}));
  }

  /** A look at a database as it is. */
  interface Look {
    void at(Connection connection) throws SQLException;
  }

  /**
   * The connection that writes, to a database that may be in the middle of a migration.
   *
   * @param first before its schema is brought up to date
   */
  static PostgresSession session(PostgresSettings settings, Look first) {
    refuseUnreadable(settings);
    PostgresSession session = new PostgresSession(settings);
    try {
      DatabaseCheck.refuseUnfit(settings);
      first.at(session.begin());
      session.rollback();
      PostgresSchema.migrate(settings);
      return session;
    } catch (SQLException e) {
      session.close();
      throw cannotOpen(settings, e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  static StoreException cannotOpen(PostgresSettings settings, Exception e) {
    return new StoreException("cannot open the database " + settings.name() + ": " + causes(e), e);
  }

  /** The driver says that it failed, and its cause why. */
  private static String causes(Exception e) {
    return Throwables.getCausalChain(e).stream()
        .map(cause -> String.valueOf(cause.getMessage()).strip().replaceAll("\\s+", " "))
        .distinct()
        .collect(Collectors.joining(": "));
  }

  private static void refuseUnreadable(PostgresSettings settings) {
    try {
      var _ = DriverManager.getDriver(settings.jdbcUrl());
    } catch (SQLException _) {
      throw new StoreException(
          "cannot open the database "
              + settings.name()
              + ": its URL is not postgresql://HOST:PORT/NAME?user=USER with values that are"
              + " percent-encoded",
          null);
    }
  }

  /** Made of connections as they are needed; who waits longer than that is refused. */
  private static HikariDataSource pool(
      PostgresSettings settings, String name, int size, Duration patience) {
    HikariConfig config = config(settings, name, size, SessionPins.READER);
    config.setReadOnly(true);
    config.setConnectionTimeout(patience.toMillis());
    return new HikariDataSource(config);
  }

  /** One connection, which is there while it is used. What it is not there for is tried again. */
  private static HikariDataSource upkeep(PostgresSettings settings) {
    HikariConfig config = config(settings, "upkeep", 1, SessionPins.UPKEEP);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
    return new HikariDataSource(config);
  }

  /**
   * Of a pool that connects when somebody needs it.
   *
   * @param pins of {@link SessionPins}
   */
  static HikariConfig config(PostgresSettings settings, String name, int size, String pins) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(settings.jdbcUrl());
    config.setDataSourceProperties(settings.defaults());
    config.setConnectionInitSql(pins);
    config.setMaximumPoolSize(size);
    config.setInitializationFailTimeout(-1);
    return config;
  }

  /** For the writer only. */
  PostgresSession session() {
    return session;
  }

  /** For any thread; waits for one of the reading connections. */
  Reads reads() {
    return asking(readers);
  }

  /** The same, for short questions that must not wait behind long ones. */
  Reads lookups() {
    return asking(lookups);
  }

  /** What changes tables, or many rows that nobody waits for, beside the writer. */
  DataSource upkeep() {
    return upkeep;
  }

  private static Reads asking(HikariDataSource pool) {
    return new Reads(
        Jdbi.create(new Pool(pool)).registerArgument(new StorableArgument()),
        new PostgresFailures());
  }

  @Override
  public void close() {
    readers.close();
    lookups.close();
    upkeep.close();
    session.close();
  }

  /** Whatever text is asked for. */
  private static final class StorableArgument extends AbstractArgumentFactory<String> {
    StorableArgument() {
      super(Types.VARCHAR);
    }

    @Override
    protected Argument build(String text, ConfigRegistry config) {
      return (position, statement, _) -> statement.setString(position, StorableText.of(text));
    }
  }

  /** Who asks while the database cannot be reached is told so, and may ask again. */
  private record Pool(HikariDataSource source) implements ConnectionFactory {
    @Override
    public Connection openConnection() {
      try {
        return source.getConnection();
      } catch (SQLException e) {
        log.atDebug().addKeyValue("cause", e.getMessage()).log("no connection");
        throw FailureKind.notRead();
      }
    }
  }
}
