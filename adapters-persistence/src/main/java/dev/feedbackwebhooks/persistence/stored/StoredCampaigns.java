package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.campaign.Campaign;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Campaigns in rows. */
public final class StoredCampaigns implements CampaignStore {
  private static final String SELECT =
      """
      SELECT campaign.id, enabled, update_time
      FROM campaign JOIN scope ON scope.id = scope_id
      WHERE organization = :organization AND sandbox = :sandbox
      """;

  private final Reads reads;
  private final GroupCommit writes;
  private final ScopeIds scopes;

  public StoredCampaigns(Reads reads, GroupCommit writes, ScopeIds scopes) {
    this.reads = reads;
    this.writes = writes;
    this.scopes = scopes;
  }

  @Override
  public Optional<Campaign> find(Scope scope, String id) {
    return reads.withHandle(handle ->
        handle
            .createQuery(SELECT + " AND campaign.id = :id")
            .bind("organization", scope.organization())
            .bind("sandbox", scope.sandbox())
            .bind("id", id)
            .map((row, _) -> campaign(scope, row))
            .findOne());
  }

  @Override
  public List<Campaign> list(Scope scope, @Nullable String after, int limit) {
    return reads.withHandle(handle ->
        handle
            .createQuery(SELECT + " AND campaign.id > :after ORDER BY campaign.id LIMIT :limit")
            .bind("organization", scope.organization())
            .bind("sandbox", scope.sandbox())
            .bind("after", after == null ? "" : after)
            .bind("limit", limit)
            .map((row, _) -> campaign(scope, row))
            .list());
  }

  @Override
  public Put put(Campaign campaign, @Nullable Campaign before, AuditEntry entry) {
    return writes.awaitRecorded(connection -> {
      boolean enabled = campaign.webhooksEnabled();
      Long scopeId =
          enabled
              ? scopes.find(connection, campaign.scope())
              : Long.valueOf(scopes.of(connection, campaign.scope()));
      if (scopeId == null || (enabled && !hasConfig(connection, scopeId))) {
        return Put.NO_CONFIG;
      }
      if (!Objects.equals(stored(connection, scopeId, campaign), before)) {
        return Put.OVERTAKEN;
      }
      put(connection, scopeId, campaign);
      StoredAudit.append(connection, scopeId, entry);
      return Put.STORED;
    });
  }

  private static boolean hasConfig(Connection connection, long scopeId) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT 1 FROM webhook_config WHERE scope_id = ?")) {
      select.setLong(1, scopeId);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  private static @Nullable Campaign stored(Connection connection, long scopeId, Campaign like)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, enabled, update_time FROM campaign WHERE scope_id = ? AND id = ?")) {
      select.setLong(1, scopeId);
      select.setString(2, like.id());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? campaign(like.scope(), row) : null;
      }
    }
  }

  private static void put(Connection connection, long scopeId, Campaign campaign)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO campaign (scope_id, id, enabled, update_time) VALUES (?, ?, ?, ?)
            ON CONFLICT (scope_id, id)
            DO UPDATE SET enabled = excluded.enabled, update_time = excluded.update_time
            """)) {
      insert.setLong(1, scopeId);
      insert.setString(2, campaign.id());
      insert.setBoolean(3, campaign.webhooksEnabled());
      insert.setLong(4, campaign.updateTime().toEpochMilli());
      insert.executeUpdate();
    }
  }

  private static Campaign campaign(Scope scope, ResultSet row) throws SQLException {
    return new Campaign(
        scope,
        row.getString("id"),
        row.getBoolean("enabled"),
        Instant.ofEpochMilli(row.getLong("update_time")));
  }
}
