package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.EndpointHealth;
import dev.feedbackwebhooks.domain.delivery.HealthStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Endpoints' health in rows. */
public final class StoredHealth implements HealthStore {
  private static final String SELECT =
      "SELECT s.organization, s.sandbox, h.* FROM endpoint_health h JOIN scope s ON s.id = h.scope_id";
  private static final String KEEP =
      """
      INSERT INTO endpoint_health
        (scope_id, endpoint, since, window_start, last, failures, spread)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (scope_id) DO UPDATE SET endpoint = excluded.endpoint, since = excluded.since,
        window_start = excluded.window_start, last = excluded.last, failures = excluded.failures,
        spread = excluded.spread
      """;
  private static final String FORGET = "DELETE FROM endpoint_health WHERE scope_id = ?";

  private final Jdbi reads;
  private final GroupCommit writes;
  private final ScopeIds scopes;
  private final Statements statements;

  public StoredHealth(Jdbi reads, GroupCommit writes, ScopeIds scopes, Statements statements) {
    this.reads = reads;
    this.writes = writes;
    this.scopes = scopes;
    this.statements = statements;
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
        row.getBoolean("spread"));
  }

  @Override
  public CompletionStage<?> keep(Scope scope, @Nullable EndpointHealth health) {
    return writes.submit(connection -> {
      long scopeId = scopes.of(connection, scope);
      return health == null
          ? statements.of(connection, FORGET, scopeId).executeUpdate()
          : keep(connection, scopeId, health);
    });
  }

  private int keep(Connection connection, long scopeId, EndpointHealth health) throws SQLException {
    return statements
        .of(
            connection,
            KEEP,
            scopeId,
            health.endpoint(),
            health.since().toEpochMilli(),
            health.windowStart().toEpochMilli(),
            health.last().toEpochMilli(),
            health.failures(),
            health.spread())
        .executeUpdate();
  }
}
