package dev.feedbackwebhooks.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What SQLite does on this disk when each event has a commit of its own, and nothing else to do.
 */
final class OneACommit {
  private final Path database;
  private final byte[] body;

  OneACommit(Workbench bench, byte[] body) throws Exception {
    this.database = bench.fresh("one-a-commit").resolve("events.db");
    this.body = body;
  }

  Figure measure(int rounds, int seconds) throws Exception {
    List<Double> rates = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, body BLOB)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO event (body) VALUES (?)")) {
        insert.setBytes(1, body);
        for (int i = 0; i <= rounds; i++) {
          double rate = rate(insert, seconds);
          if (i > 0) {
            rates.add(rate);
          }
        }
      }
    }
    return new Figure("one event a commit, the store alone", "events/s", rates);
  }

  private static double rate(PreparedStatement insert, int seconds) throws Exception {
    long start = System.nanoTime();
    long end = start + seconds * 1_000_000_000L;
    long count = 0;
    for (; System.nanoTime() < end; count++) {
      insert.executeUpdate();
    }
    return count * 1e9 / (System.nanoTime() - start);
  }
}
