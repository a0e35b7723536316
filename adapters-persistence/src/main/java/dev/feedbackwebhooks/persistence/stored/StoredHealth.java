package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.health.EndpointHealth;
import dev.feedbackwebhooks.domain.health.HealthStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Endpoints' health in rows. */
public final class StoredHealth implements HealthStore {
  private static final String SELECT =
      """
      SELECT s.organization, s.sandbox, h.endpoint, h.since, h.window_start, h.last, h.failures,
        h.spread, h.last_failure
      FROM endpoint_health h JOIN scope s ON s.id = h.scope_id
      """;
  private static final String SCOPE =
      "(SELECT id FROM scope WHERE organization = ? AND sandbox = ?)";

  /** As {@link EndpointHealth#joined}. */
  private static final String BEGIN =
      """
      INSERT INTO endpoint_health AS h
        (endpoint, since, window_start, last, failures, spread, last_failure, scope_id)
      SELECT ?, ?, ?, ?, ?, ?, ?, id FROM scope WHERE organization = ? AND sandbox = ?
      ON CONFLICT (scope_id) DO UPDATE SET
        window_start = CASE WHEN excluded.window_start > h.window_start + %d
          THEN excluded.window_start ELSE h.window_start END,
        last = CASE WHEN excluded.last > h.last THEN excluded.last ELSE h.last END,
        failures = h.failures + excluded.failures,
        spread = (h.spread OR excluded.spread),
        last_failure = CASE WHEN excluded.last > h.last
          THEN excluded.last_failure ELSE h.last_failure END
      WHERE h.endpoint = excluded.endpoint
      RETURNING endpoint, since, window_start, last, failures, spread, last_failure
      """
          .formatted(EndpointHealth.WINDOW.toMillis());

  /** The same. */
  private static final String GO_ON =
      """
      UPDATE endpoint_health SET
        window_start = CASE WHEN ? > window_start + %d THEN ? ELSE window_start END,
        last = CASE WHEN ? > last THEN ? ELSE last END,
        failures = failures + ?,
        spread = (spread OR ?),
        last_failure = CASE WHEN ? > last THEN ? ELSE last_failure END
      WHERE endpoint = ? AND since = ? AND scope_id = %s
      RETURNING endpoint, since, window_start, last, failures, spread, last_failure
      """
          .formatted(EndpointHealth.WINDOW.toMillis(), SCOPE);

  /** What nothing joins. */
  private static final String CLEAR =
      "DELETE FROM endpoint_health WHERE (endpoint <> ? OR last <= ?) AND scope_id = " + SCOPE;

  private static final String FORGET = "DELETE FROM endpoint_health WHERE scope_id = " + SCOPE;

  private final Reads reads;
  private final Writing writes;

  /**
   * @param writes may write each statement by itself
   */
  public StoredHealth(Reads reads, Writing writes) {
    this.reads = reads;
    this.writes = writes;
  }

  @Override
  public Map<Scope, EndpointHealth> all() {
    Map<Scope, EndpointHealth> all = new HashMap<>();
    reads.useHandle(handle ->
        handle
            .createQuery(SELECT)
            .map((row, _) ->
                all.put(
                    new Scope(row.getString("organization"), row.getString("sandbox")),
                    health(row)))
            .list());
    return all;
  }

  private static EndpointHealth health(ResultSet row) throws SQLException {
    return new EndpointHealth(
        row.getLong("endpoint"),
        Instant.ofEpochMilli(row.getLong("since")),
        Instant.ofEpochMilli(row.getLong("window_start")),
        Instant.ofEpochMilli(row.getLong("last")),
        row.getLong("failures"),
        row.getBoolean("spread"),
        row.getString("last_failure"));
  }

  @Override
  public CompletionStage<Optional<EndpointHealth>> begin(Scope scope, EndpointHealth first) {
    return writes.submit(connection -> {
      long joins = first.last().minus(EndpointHealth.FORGOTTEN).toEpochMilli();
      var _ = change(connection, CLEAR, scope, first.endpoint(), joins);
      return ask(
          connection,
          BEGIN,
          scope,
          first.endpoint(),
          first.since().toEpochMilli(),
          first.windowStart().toEpochMilli(),
          first.last().toEpochMilli(),
          first.failures(),
          first.spread(),
          StorableText.of(first.lastFailure()));
    });
  }

  @Override
  public CompletionStage<Optional<EndpointHealth>> goOn(Scope scope, EndpointHealth more) {
    long start = more.windowStart().toEpochMilli();
    long last = more.last().toEpochMilli();
    return writes.submit(connection ->
        ask(
            connection,
            GO_ON,
            scope,
            start,
            start,
            last,
            last,
            more.failures(),
            more.spread(),
            last,
            StorableText.of(more.lastFailure()),
            more.endpoint(),
            more.since().toEpochMilli()));
  }

  @Override
  public CompletionStage<?> forget(Scope scope) {
    return writes.submit(connection -> change(connection, FORGET, scope));
  }

  private static Optional<EndpointHealth> ask(
      Connection connection, String sql, Scope scope, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, scope, parameters);
        ResultSet row = statement.executeQuery()) {
      return row.next() ? Optional.of(health(row)) : Optional.empty();
    }
  }

  private static int change(Connection connection, String sql, Scope scope, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, scope, parameters)) {
      return statement.executeUpdate();
    }
  }

  /** The scope comes last. */
  private static PreparedStatement prepared(
      Connection connection, String sql, Scope scope, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    int next = 1;
    for (Object parameter : parameters) {
      statement.setObject(next++, parameter);
    }
    statement.setString(next++, scope.organization());
    statement.setString(next, scope.sandbox());
    return statement;
  }
}
