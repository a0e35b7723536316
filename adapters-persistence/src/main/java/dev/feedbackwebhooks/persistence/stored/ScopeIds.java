package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.config.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The small numbers that rows name their scopes by. Used by the writer only. */
public final class ScopeIds {
  private static final int CACHED = 50_000;

  private final Map<Scope, Long> known = new HashMap<>();

  /** The same for a reader; empty for a scope that never had anything. */
  public static Optional<Long> find(Handle handle, Scope scope) {
    return handle
        .createQuery(
            "SELECT id FROM scope WHERE organization = :organization AND sandbox = :sandbox")
        .bind("organization", scope.organization())
        .bind("sandbox", scope.sandbox())
        .mapTo(Long.class)
        .findOne();
  }

  /** The scope's number, given to it now if it has none. */
  public long of(Connection connection, Scope scope) throws SQLException {
    Long id = find(connection, scope);
    if (id != null) {
      return id;
    }
    // Another node may have been first, and is waited for here.
    insert(connection, scope);
    return Objects.requireNonNull(find(connection, scope));
  }

  /** The scope's number; null if it has none. */
  public @Nullable Long find(Connection connection, Scope scope) throws SQLException {
    Long id = known.get(scope);
    if (id == null) {
      id = read(connection, scope);
      if (id != null) {
        remember(scope, id);
      }
    }
    return id;
  }

  /**
   * The same, asked once for all the events of a call.
   *
   * @param absent scopes that this call found to have none; added to
   */
  public @Nullable Long find(Connection connection, Scope scope, Set<Scope> absent)
      throws SQLException {
    if (absent.contains(scope)) {
      return null;
    }
    Long id = find(connection, scope);
    if (id == null) {
      absent.add(scope);
    }
    return id;
  }

  private void remember(Scope scope, long id) {
    if (known.size() >= CACHED) {
      known.clear();
    }
    known.put(scope, id);
  }

  /** Forgets all: some may have been given in a transaction that was undone. */
  public void forget() {
    known.clear();
  }

  private static void insert(Connection connection, Scope scope) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO scope (organization, sandbox) VALUES (?, ?)
            ON CONFLICT (organization, sandbox) DO NOTHING
            """)) {
      insert.setString(1, scope.organization());
      insert.setString(2, scope.sandbox());
      insert.executeUpdate();
    }
  }

  private static @Nullable Long read(Connection connection, Scope scope) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id FROM scope WHERE organization = ? AND sandbox = ?")) {
      select.setString(1, scope.organization());
      select.setString(2, scope.sandbox());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : null;
      }
    }
  }
}
