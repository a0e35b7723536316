package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.ChangeTrim;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Removes old rows of the logs of changes of nodes that are gone: one log with each call, in turn.
 * A node that lives removes its own an hour earlier. A log's last row stays for five days, so that
 * a cursor is known to be good behind it. By the database's clock, since a node with a wrong one
 * would take away what others have still to read.
 */
final class OtherLogs implements ChangeTrim {
  /** Rows that a call removes at most. */
  private static final int MOST = 1_024;

  private static final String NEXT =
      """
      SELECT node, time < CAST(extract(epoch FROM now()) * 1000 AS bigint) - 25 * 3600000 AS old
      FROM delivery_change WHERE node > ? ORDER BY node, seq LIMIT 1
      """;

  /** Waits for nobody: another node may be about it, too. */
  private static final String TRIM =
      """
      WITH log AS (
        SELECT node, MAX(seq) AS last, CAST(extract(epoch FROM now()) * 1000 AS bigint) AS now
        FROM delivery_change WHERE node = ? GROUP BY node
      ), old AS (
        SELECT c.node, c.seq FROM delivery_change c
        WHERE c.node = ? AND c.seq IN
          (SELECT oldest.seq FROM log CROSS JOIN LATERAL
            (SELECT d.seq, d.time FROM delivery_change d WHERE d.node = log.node
             ORDER BY d.seq LIMIT ?) AS oldest
           WHERE oldest.time
             < log.now - (CASE WHEN oldest.seq = log.last THEN 120 ELSE 25 END) * 3600000)
        FOR UPDATE SKIP LOCKED
      )
      DELETE FROM delivery_change d USING old WHERE d.node = old.node AND d.seq = old.seq
      """;

  private final Statements statements;
  private final long own;
  private long turn = -1;

  OtherLogs(Statements statements, long own) {
    this.statements = statements;
    this.own = own;
  }

  @Override
  public void trim(Connection connection) throws SQLException {
    boolean old;
    try (ResultSet row = statements.of(connection, NEXT, turn).executeQuery()) {
      boolean found = row.next();
      turn = found ? row.getLong("node") : -1;
      old = found && turn != own && row.getBoolean("old");
    }
    if (old) {
      statements.of(connection, TRIM, turn, turn, MOST).executeUpdate();
    }
  }
}
