package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.ChangeSql;

/** How PostgreSQL has the logs of changes of all nodes, among millions of rows. */
final class PostgresChangeSql {
  static final ChangeSql SQL =
      new ChangeSql(
          // From each node to the next along the key; kept_from is a day less than OtherLogs keeps
          // the ends of logs.
          """
          WITH RECURSIVE log (node) AS (
            SELECT MIN(node) FROM delivery_change
            UNION ALL
            SELECT (SELECT MIN(c.node) FROM delivery_change c WHERE c.node > log.node)
            FROM log WHERE log.node IS NOT NULL
          )
          SELECT newest.node, newest.seq, newest.time,
            CAST(extract(epoch FROM now()) * 1000 AS bigint) - 96 * 3600000 AS kept_from
          FROM log CROSS JOIN LATERAL
            (SELECT node, seq, time FROM delivery_change c WHERE c.node = log.node
             ORDER BY c.seq DESC LIMIT 1) AS newest
          """,
          """
          SELECT seq, time, ids FROM delivery_change
          WHERE node = :node AND seq >= :from ORDER BY seq LIMIT :limit
          """,
          "SELECT seq, time FROM delivery_change WHERE node = ? ORDER BY seq DESC LIMIT 1",
          "INSERT INTO delivery_change (node, seq, time, ids) VALUES (?, ?, ?, ?)",
          """
          WITH own AS (SELECT CAST(? AS bigint) AS node)
          DELETE FROM delivery_change d USING own WHERE d.node = own.node AND d.seq IN
            (SELECT seq FROM
              (SELECT c.seq, c.time FROM delivery_change c, own
               WHERE c.node = own.node AND c.seq < ? ORDER BY c.seq LIMIT ?)
             AS oldest WHERE time < ? OR time > ?)
          """);

  private PostgresChangeSql() {}
}
