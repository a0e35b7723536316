package dev.feedbackwebhooks.domain.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The end of a PostgreSQL that runs for the tests of this JVM. */
public final class PostgresExit {
  private PostgresExit() {}

  /**
   * At the end of the JVM there is nothing to be kept: to write it all down takes longer than those
   * who stop the server wait.
   */
  public static void stopAtOnce(DataSource server) {
    try (Connection connection = server.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW data_directory")) {
      row.next();
      String pid = Files.readAllLines(Path.of(row.getString(1), "postmaster.pid")).getFirst();
      Thread stop = new Thread(() -> quit(pid.strip()));
      Runtime.getRuntime().addShutdownHook(stop);
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void quit(String pid) {
    try {
      new ProcessBuilder("kill", "-QUIT", pid).start().waitFor();
    } catch (IOException | InterruptedException _) {
      // It is stopped in its own time.
    }
  }
}
