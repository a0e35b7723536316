package dev.feedbackwebhooks.persistence.migration;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Tells a SQLite database, as it is, from others, and from itself after a server has worked on it.
 */
final class SourceMark {
  /** Keys that no two databases share, and what every change of a delivery or a wish leaves. */
  private static final String SELECT =
      """
      SELECT (SELECT hex(encrypted) FROM secret_key_check),
        (SELECT hex(encrypted) FROM fingerprint_key),
        (SELECT MAX(seq) FROM delivery_change), (SELECT COUNT(*) FROM delivery),
        (SELECT MAX(id) FROM audit_record), (SELECT SUM(writes) FROM write_probe)
      """;

  private SourceMark() {}

  static String read(Connection source) throws SQLException {
    StringBuilder mark = new StringBuilder();
    try (Statement statement = source.createStatement();
        ResultSet row = statement.executeQuery(SELECT)) {
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        mark.append(row.getString(i)).append('/');
      }
    }
    return Hashing.sha256().hashString(mark, StandardCharsets.UTF_8).toString();
  }
}
