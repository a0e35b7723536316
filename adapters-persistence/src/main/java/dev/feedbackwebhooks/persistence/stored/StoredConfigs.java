package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.key.Secret;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Configurations in rows. */
public final class StoredConfigs implements ConfigStore {
  private static final String SELECT_CONFIG =
      """
      SELECT organization, sandbox, config_id, version, active, body, secrets
      FROM webhook_config JOIN scope ON scope.id = scope_id
      """;

  private final Reads reads;
  private final GroupCommit writes;
  private final ScopeIds scopes;
  private final RowCodec codec;

  public StoredConfigs(Reads reads, GroupCommit writes, ScopeIds scopes, RowCodec codec) {
    this.reads = reads;
    this.writes = writes;
    this.scopes = scopes;
    this.codec = codec;
  }

  @Override
  public Optional<WebhookConfig> find(Scope scope) {
    return reads.withHandle(handle ->
        handle
            .createQuery(
                SELECT_CONFIG + " WHERE organization = :organization AND sandbox = :sandbox")
            .bind("organization", scope.organization())
            .bind("sandbox", scope.sandbox())
            .map((row, _) -> config(row))
            .findOne());
  }

  @Override
  public List<WebhookConfig> list(
      @Nullable String organization, @Nullable String sandbox, @Nullable Scope after, int limit) {
    String where =
        " WHERE (organization, sandbox) > (:afterOrganization, :afterSandbox)"
            + (organization == null ? "" : " AND organization = :organization")
            + (sandbox == null ? "" : " AND sandbox = :sandbox");
    return reads.withHandle(handle -> {
      var query =
          handle
              .createQuery(SELECT_CONFIG + where + " ORDER BY organization, sandbox LIMIT :limit")
              .bind("afterOrganization", after == null ? "" : after.organization())
              .bind("afterSandbox", after == null ? "" : after.sandbox())
              .bind("limit", limit);
      if (organization != null) {
        query.bind("organization", organization);
      }
      if (sandbox != null) {
        query.bind("sandbox", sandbox);
      }
      return query.map((row, _) -> config(row)).list();
    });
  }

  @Override
  public boolean insert(WebhookConfig config, AuditEntry entry) {
    return changed(
        scopes::of,
        config.scope(),
        entry,
        """
        INSERT INTO webhook_config (config_id, version, active, body, secrets, scope_id)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        () -> {
          RowCodec.Row row = codec.encode(config);
          return List.of(
              row.configId(), row.version(), row.active(), row.body(), row.secrets().reveal());
        });
  }

  @Override
  public boolean replace(WebhookConfig next, long expectedVersion, AuditEntry entry) {
    return changed(
        scopes::find,
        next.scope(),
        entry,
        """
        UPDATE webhook_config SET version = ?, active = ?, body = ?, secrets = ?
        WHERE config_id = ? AND version = ? AND scope_id = ?
        """,
        () -> {
          RowCodec.Row row = codec.encode(next);
          return List.of(
              row.version(),
              row.active(),
              row.body(),
              row.secrets().reveal(),
              row.configId(),
              expectedVersion);
        });
  }

  @Override
  public boolean delete(Scope scope, long id, long expectedVersion, AuditEntry entry) {
    return changed(
        scopes::find,
        scope,
        entry,
        "DELETE FROM webhook_config WHERE config_id = ? AND version = ? AND scope_id = ?",
        () -> List.of(id, expectedVersion));
  }

  /** How an update comes by the scope's number: what needs something to be there gives it none. */
  private interface ScopeLookup {
    @Nullable Long of(Connection connection, Scope scope) throws SQLException;
  }

  /**
   * Runs an update whose last parameter is the scope's id; answers whether it changed a row, which
   * is then written down.
   *
   * @param values the other ones, asked for within the transaction, as {@link SecretBox} needs it
   */
  private boolean changed(
      ScopeLookup lookup,
      Scope scope,
      AuditEntry entry,
      String sql,
      Supplier<List<Object>> values) {
    return writes.awaitRecorded(connection -> {
      Long scopeId = lookup.of(connection, scope);
      if (scopeId == null || !changed(connection, scopeId, sql, values.get())) {
        return false;
      }
      StoredAudit.append(connection, scopeId, entry);
      return true;
    });
  }

  private static boolean changed(
      Connection connection, long scopeId, String sql, List<Object> parameters)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        update.setObject(i + 1, parameters.get(i));
      }
      update.setLong(parameters.size() + 1, scopeId);
      return update.executeUpdate() == 1;
    }
  }

  private WebhookConfig config(ResultSet row) throws SQLException {
    return codec.decode(
        new Scope(row.getString("organization"), row.getString("sandbox")),
        new RowCodec.Row(
            row.getLong("config_id"),
            row.getLong("version"),
            row.getBoolean("active"),
            row.getString("body"),
            Secret.of(row.getBytes("secrets"))));
  }
}
