package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** The numbers that a database's rows name their scopes by. */
record Scopes(Map<Long, Scope> byNumber, Map<Scope, Long> numbers) {
  static Scopes read(Connection connection) throws SQLException {
    Scopes scopes = new Scopes(new HashMap<>(), new HashMap<>());
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT id, organization, sandbox FROM scope")) {
      while (row.next()) {
        Scope scope = new Scope(row.getString(2), row.getString(3));
        scopes.byNumber().put(row.getLong(1), scope);
        scopes.numbers().put(scope, row.getLong(1));
      }
    }
    return scopes;
  }

  Scope of(long number) {
    Scope scope = byNumber.get(number);
    if (scope == null) {
      throw new StoreException("there is no scope " + number + ", which a row is of", null);
    }
    return scope;
  }

  long number(Scope scope) {
    Long number = numbers.get(scope);
    if (number == null) {
      throw new StoreException("the scope " + scope.configName() + " was not copied", null);
    }
    return number;
  }
}
