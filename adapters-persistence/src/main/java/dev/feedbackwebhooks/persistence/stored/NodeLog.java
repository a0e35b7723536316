package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.ChangePosition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * A node's log of changes as it stands.
 *
 * @param keptFrom who has not read on since then may have missed whole logs
 */
record NodeLog(long node, ChangePosition end, Instant keptFrom) {
  static List<NodeLog> all(Handle handle, ChangeSql sql) {
    return handle
        .createQuery(sql.logs())
        .map((row, _) ->
            new NodeLog(
                row.getLong("node"),
                ChangePosition.after(row.getLong("seq"), Instant.ofEpochMilli(row.getLong("time"))),
                Instant.ofEpochMilli(row.getLong("kept_from"))))
        .list();
  }

  /** After all that has changed. */
  static ChangeCursor newest(List<NodeLog> logs) {
    Map<Long, ChangePosition> ends =
        logs.stream().collect(Collectors.toMap(NodeLog::node, NodeLog::end));
    return ChangeCursor.of(ends);
  }
}
