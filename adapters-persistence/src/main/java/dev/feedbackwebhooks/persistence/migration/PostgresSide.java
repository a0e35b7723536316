package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.domain.config.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Rows of PostgreSQL. */
record PostgresSide(Scopes scopes) implements Side {
  @Override
  public String text(String stored) {
    return stored;
  }

  @Override
  public List<String> texts(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }

  @Override
  public UUID key(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  @Override
  public Scope scope(long number) {
    return scopes.of(number);
  }
}
