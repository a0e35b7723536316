package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.HeardStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A store on a database, with threads of its own. */
record OpenPostgres(
    PostgresStore store, ExecutorService writer, ExecutorService background, HeardStore heard)
    implements AutoCloseable {
  /** On a new database. */
  static OpenPostgres fresh(Path directory) throws SQLException {
    return on(PostgresServer.freshDatabase(), directory);
  }

  /**
   * @param directory of the key file
   */
  static OpenPostgres on(String url, Path directory) {
    ExecutorService writer = Executors.newSingleThreadExecutor();
    ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
    try {
      HeardStore heard = new HeardStore();
      PostgresSettings settings = new PostgresSettings(url, directory.resolve("test.key"));
      return new OpenPostgres(
          PostgresStore.open(
              settings, DatabaseClock.ofCallers(), Samples.NOW, writer, background, heard),
          writer,
          background,
          heard);
    } catch (RuntimeException e) {
      writer.shutdown();
      background.shutdown();
      throw e;
    }
  }

  /** Rows of a table. */
  long count(String table) {
    return store
        .writes()
        .submit(connection -> {
          try (var statement = connection.createStatement();
              var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            return row.next() ? row.getLong(1) : 0L;
          }
        })
        .join();
  }

  /** Runs one statement in the store's own transaction. */
  void run(String sql) {
    var _ =
        store
            .writes()
            .await(connection -> {
              try (var statement = connection.createStatement()) {
                return statement.execute(sql);
              }
            });
  }

  @Override
  public void close() {
    store.close();
    writer.shutdown();
    background.shutdown();
  }
}
