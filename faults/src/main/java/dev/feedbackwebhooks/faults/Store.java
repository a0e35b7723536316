package dev.feedbackwebhooks.faults;

import java.nio.file.Path;

/** Where the servers of one world keep their data. */
sealed interface Store {
  /** What their {@code --database} says. */
  String url();

  /** A file of SQLite. */
  record SqliteFile(Path path) implements Store {
    @Override
    public String url() {
      return "sqlite:" + path;
    }
  }

  /** A database of a PostgreSQL that the rig stops and starts as it likes. */
  record PostgresDatabase(PostgresServer server, String name, Path key) implements Store {
    @Override
    public String url() {
      return server.url(name);
    }
  }
}
