package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryStats;
import dev.feedbackwebhooks.domain.delivery.Latencies;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reads what was counted of a scope: some rows for each configuration that it ever had.
 *
 * @param earliestDue asks when the first of those that wait is due, as {@code due}; parameters:
 *     organization, sandbox
 */
public record StatsQuery(Handle handle, Scope scope, String earliestDue) {
  /** standing: 0 as the rows say, 1 held, 2 cancelled; the last two by their configuration. */
  private static final String COUNTS =
      """
      SELECT accepted, delivered, exhausted, refused, cancelled,
        accepted - delivered - exhausted - refused - cancelled AS open,
        CASE WHEN c.config_id IS DISTINCT FROM n.config_id THEN 2 WHEN c.active THEN 0 ELSE 1 END AS standing
      FROM scope s JOIN delivery_count n ON n.scope_id = s.id
      LEFT JOIN webhook_config c ON c.scope_id = s.id
      WHERE organization = ? AND sandbox = ?
      """;

  private static final String LATENCIES =
      """
      SELECT bucket, deliveries FROM scope s JOIN delivery_latency ON scope_id = s.id
      WHERE organization = ? AND sandbox = ?
      """;

  private record Counts(
      long accepted,
      long open,
      long delivered,
      long exhausted,
      long refused,
      long cancelled,
      int standing) {
    static Counts of(ResultSet row) throws SQLException {
      return new Counts(
          row.getLong("accepted"),
          row.getLong("open"),
          row.getLong("delivered"),
          row.getLong("exhausted"),
          row.getLong("refused"),
          row.getLong("cancelled"),
          row.getInt("standing"));
    }
  }

  /** Within a transaction. */
  public DeliveryStats read() {
    List<Counts> counts = query(COUNTS).map((row, _) -> Counts.of(row)).list();
    return new DeliveryStats(
        counts.stream().mapToLong(Counts::accepted).sum(),
        open(counts, 0),
        open(counts, 1),
        counts.stream().mapToLong(Counts::delivered).sum(),
        counts.stream().mapToLong(Counts::exhausted).sum(),
        counts.stream().mapToLong(Counts::refused).sum(),
        counts.stream().mapToLong(Counts::cancelled).sum() + open(counts, 2),
        latencies(),
        readEarliestDue());
  }

  private static long open(List<Counts> counts, int standing) {
    return counts.stream()
        .filter(each -> each.standing() == standing)
        .mapToLong(Counts::open)
        .sum();
  }

  private Latencies latencies() {
    long[] counts = new long[Latencies.BUCKETS];
    query(LATENCIES)
        .map((row, _) -> counts[row.getInt("bucket")] += row.getLong("deliveries"))
        .list();
    return Latencies.of(counts);
  }

  private @Nullable Instant readEarliestDue() {
    return query(earliestDue)
        .map((row, _) -> row.getLong("due"))
        .findOne()
        .filter(due -> due > 0)
        .map(Instant::ofEpochMilli)
        .orElse(null);
  }

  private org.jdbi.v3.core.statement.Query query(String sql) {
    return handle.createQuery(sql).bind(0, scope.organization()).bind(1, scope.sandbox());
  }
}
