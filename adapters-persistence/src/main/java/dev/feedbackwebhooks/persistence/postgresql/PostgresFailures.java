package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.FailureKind;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/**
 * What PostgreSQL's SQLSTATEs are about (its manual, appendix A), and those of its driver and of
 * the pool.
 */
final class PostgresFailures implements FailureKind.Of {
  /** A deadlock, a transaction that does not fit in between others, a lock that was not had. */
  private static final Set<String> IN_THE_WAY = Set.of("40P01", "40001", "55P03");

  /**
   * Cardinality, data, constraints, views' checks, limits of a row, what a trigger raises; pages
   * and index entries that are damaged, which are of a few rows.
   */
  private static final Set<String> OF_A_ROW = Set.of("21", "22", "23", "44", "54", "P0");

  private static final Set<String> DAMAGED = Set.of("XX001", "XX002");

  /** Connections, resources, an operator's hand (a shutdown, say), the system below. */
  private static final Set<String> OF_ALL = Set.of("08", "53", "57", "58");

  /**
   * A standby that a connection was led to, a transaction that was given up with its connection.
   */
  private static final Set<String> ELSEWHERE = Set.of("25006", "25P03", "25P04", "26000");

  @Override
  public FailureKind of(SQLException failure) {
    if (failure instanceof SQLTransientConnectionException
        || failure instanceof SQLRecoverableException) {
      return FailureKind.AWAY;
    }
    String state = String.valueOf(failure.getSQLState());
    String of = state.length() == 5 ? state.substring(0, 2) : "";
    if (IN_THE_WAY.contains(state)) {
      return FailureKind.IN_THE_WAY;
    }
    if (OF_A_ROW.contains(of) || DAMAGED.contains(state)) {
      return FailureKind.REFUSED;
    }
    return OF_ALL.contains(of) || ELSEWHERE.contains(state) ? FailureKind.AWAY : FailureKind.BROKEN;
  }
}
