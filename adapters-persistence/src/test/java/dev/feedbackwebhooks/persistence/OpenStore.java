package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.testing.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A store in a directory, with threads of its own. */
record OpenStore(
    SqliteStore store, ExecutorService writer, ExecutorService background, HeardStore heard)
    implements AutoCloseable {
  static OpenStore in(Path directory) {
    return in(directory, Executors.newSingleThreadExecutor());
  }

  static OpenStore in(Path directory, ExecutorService writer) {
    return in(directory, writer, Executors.newVirtualThreadPerTaskExecutor());
  }

  static OpenStore in(Path directory, ExecutorService writer, ExecutorService background) {
    try {
      HeardStore heard = new HeardStore();
      return new OpenStore(
          SqliteStore.open(
              settings(directory), Samples.NOW, writer, background, background, background, heard),
          writer,
          background,
          heard);
    } catch (RuntimeException e) {
      writer.shutdown();
      background.shutdown();
      throw e;
    }
  }

  static StoreSettings settings(Path directory) {
    return new StoreSettings(directory.resolve("test.db"), directory.resolve("test.key"));
  }

  /** Rows of a table. */
  long count(String table) {
    return store
        .writes()
        .submit(connection -> {
          try (var statement = connection.createStatement();
              var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            return row.getLong(1);
          }
        })
        .join();
  }

  /** Lets the database grow no more, as a full disk would; or lets it grow again. */
  void limitPages(boolean limited) {
    var _ =
        store
            .writes()
            .submit(connection -> {
              try (var statement = connection.createStatement()) {
                return statement.execute(
                    "PRAGMA max_page_count = " + (limited ? 1 : Integer.MAX_VALUE));
              }
            })
            .join();
  }

  @Override
  public void close() throws SQLException, IOException {
    store.close();
    writer.shutdown();
    background.shutdown();
  }
}
