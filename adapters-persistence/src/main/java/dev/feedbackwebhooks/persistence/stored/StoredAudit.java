package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.audit.AuditAction;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.audit.AuditRecord;
import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.audit.AuditedResource;
import dev.feedbackwebhooks.domain.config.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Audit records, whose triggers refuse to change or delete one. */
public final class StoredAudit implements AuditStore {
  private static final String SELECT =
      """
      SELECT a.id, a.time, a.action, a.resource, a.who, a.changes, s.organization, s.sandbox
      FROM audit_record a JOIN scope s ON s.id = a.scope_id
      """;

  private static final String INSERT =
      """
      INSERT INTO audit_record (id, scope_id, time, action, resource, who, changes)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String SELECT_FROM =
      """
      SELECT a.id, a.resource, s.organization, s.sandbox
      FROM audit_record a JOIN scope s ON s.id = a.scope_id
      WHERE a.id >= :from ORDER BY a.id LIMIT :limit
      """;

  private static final String NEWEST = "SELECT COALESCE(MAX(id), 0) FROM audit_record";

  private final Reads reads;
  private final Reads lookups;
  private final GroupCommit writes;
  private final ScopeIds scopes;

  /**
   * @param lookups for what must not wait behind long questions
   */
  public StoredAudit(Reads reads, Reads lookups, GroupCommit writes, ScopeIds scopes) {
    this.reads = reads;
    this.lookups = lookups;
    this.writes = writes;
    this.scopes = scopes;
  }

  @Override
  public void append(AuditEntry entry) {
    Scope scope = new Scope(entry.resource().organization(), entry.resource().sandbox());
    var _ =
        writes.awaitRecorded(connection -> {
          append(connection, scopes.of(connection, scope), entry);
          return true;
        });
  }

  /**
   * Writes down a change in the transaction that makes it, which is one of {@link
   * GroupCommit#awaitRecorded}.
   */
  public static void append(Connection connection, long scopeId, AuditEntry entry)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setLong(1, AuditRecord.nextId(last(connection), entry));
      insert.setLong(2, scopeId);
      insert.setLong(3, entry.time().toEpochMilli());
      insert.setString(4, entry.action().name());
      insert.setString(5, entry.resource().name());
      insert.setString(6, AuditRowCodec.encode(entry.who()));
      insert.setString(7, AuditRowCodec.encode(entry.changes()));
      insert.executeUpdate();
    }
  }

  private static long last(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(NEWEST)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  @Override
  public Optional<AuditRecord> find(String organization, String sandbox, long id) {
    return reads.withHandle(handle ->
        handle
            .createQuery(
                SELECT + "WHERE a.id = :id AND organization = :organization AND sandbox = :sandbox")
            .bind("id", id)
            .bind("organization", organization)
            .bind("sandbox", sandbox)
            .map((row, _) -> record(row))
            .findOne());
  }

  @Override
  public List<AuditRecord> list(AuditFilter filter, @Nullable Long before, int limit) {
    Map<String, Object> parameters = new HashMap<>();
    String where =
        condition("s.organization = :organization", filter.organization(), parameters)
            + condition("s.sandbox = :sandbox", filter.sandbox(), parameters)
            + condition("a.resource = :resource", filter.resource(), parameters)
            + condition("a.time >= :from", millis(filter.from()), parameters)
            + condition("a.time < :until", millis(filter.before()), parameters);
    return reads.withHandle(handle ->
        handle
            .createQuery(
                SELECT + "WHERE a.id < :before" + where + " ORDER BY a.id DESC LIMIT :limit")
            .bind("before", before == null ? Long.MAX_VALUE : before)
            .bind("limit", limit)
            .bindMap(parameters)
            .map((row, _) -> record(row))
            .list());
  }

  @Override
  public long newest() {
    return lookups.withHandle(handle -> handle.createQuery(NEWEST).mapTo(Long.class).one());
  }

  @Override
  public List<Recorded> from(long id, int limit) {
    return lookups.withHandle(handle ->
        handle
            .createQuery(SELECT_FROM)
            .bind("from", id)
            .bind("limit", limit)
            .map((row, _) -> new Recorded(row.getLong("id"), resource(row)))
            .list());
  }

  private static String condition(
      String condition, @Nullable Object value, Map<String, Object> parameters) {
    if (value == null) {
      return "";
    }
    parameters.put(condition.substring(condition.indexOf(':') + 1), value);
    return " AND " + condition;
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : Millis.of(instant);
  }

  private static AuditRecord record(ResultSet row) throws SQLException {
    return new AuditRecord(
        row.getLong("id"),
        new AuditEntry(
            Instant.ofEpochMilli(row.getLong("time")),
            AuditRowCodec.who(row.getString("who")),
            AuditAction.valueOf(row.getString("action")),
            resource(row),
            AuditRowCodec.changes(row.getString("changes"))));
  }

  private static AuditedResource resource(ResultSet row) throws SQLException {
    return new AuditedResource(
        row.getString("organization"), row.getString("sandbox"), row.getString("resource"));
  }
}
