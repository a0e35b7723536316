package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.ChangeSql;

/** How SQLite has the log of changes: one, of the node 0, so no column says whose. */
final class SqliteChangeSql {
  static final ChangeSql SQL =
      new ChangeSql(
          """
          SELECT 0 AS node, seq, time, 0 AS kept_from FROM delivery_change
          ORDER BY seq DESC LIMIT 1
          """,
          """
          SELECT seq, time, ids FROM delivery_change
          WHERE :node = 0 AND seq >= :from ORDER BY seq LIMIT :limit
          """,
          "SELECT seq, time FROM delivery_change WHERE ? = 0 ORDER BY seq DESC LIMIT 1",
          """
          INSERT INTO delivery_change (seq, time, ids)
          SELECT column2, column3, column4 FROM (VALUES (?, ?, ?, ?)) WHERE column1 = 0
          """,
          """
          DELETE FROM delivery_change WHERE seq IN
            (SELECT seq FROM
              (SELECT seq, time FROM delivery_change WHERE ? = 0 AND seq < ? ORDER BY seq LIMIT ?)
             AS oldest WHERE time < ? OR time > ?)
          """);

  private SqliteChangeSql() {}
}
