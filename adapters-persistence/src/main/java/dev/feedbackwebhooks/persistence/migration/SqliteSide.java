package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.persistence.stored.EventKey;
import dev.feedbackwebhooks.persistence.stored.Recipients;
import dev.feedbackwebhooks.persistence.stored.StorableText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * Rows of SQLite, as PostgreSQL will have them.
 *
 * @param targetScopes PostgreSQL makes an event's key of its own number of the scope
 */
record SqliteSide(Scopes scopes, Scopes targetScopes, EventKey keys) implements Side {
  @Override
  public String text(String stored) {
    return StorableText.of(stored);
  }

  @Override
  public List<String> texts(ResultSet row, String column) throws SQLException {
    return Recipients.read(row.getString(column)).stream().map(StorableText::of).toList();
  }

  /** Of the id as it came, whatever PostgreSQL can hold. */
  @Override
  public UUID key(ResultSet row, String column) throws SQLException {
    long number = targetScopes.number(scope(row.getLong("scope_id")));
    return keys.of(number, row.getString("event_id"));
  }

  @Override
  public Scope scope(long number) {
    return scopes.of(number);
  }
}
