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
   * Data, views' checks, limits of a row, what a trigger raises. We have no such checks and
   * triggers: somebody wanted to keep some data out.
   */
  private static final Set<String> OF_ITS_DATA = Set.of("22", "44", "54", "P0");

  /** Constraints that say which data is taken: CHECK and EXCLUDE. */
  private static final Set<String> RULES = Set.of("23514", "23P01");

  /**
   * Cardinality and all other constraints. An event has each column that must not be null, and no
   * reference; that it is known already is asked for, and is no failure. So it is ours to repair.
   */
  private static final Set<String> OF_OUR_ROW = Set.of("21", "23");

  /** Pages and index entries that are damaged, which are of a few rows. */
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
    if (OF_ITS_DATA.contains(of) || RULES.contains(state)) {
      return FailureKind.REFUSED;
    }
    if (OF_OUR_ROW.contains(of) || DAMAGED.contains(state)) {
      return FailureKind.FAULTY;
    }
    return OF_ALL.contains(of) || ELSEWHERE.contains(state) ? FailureKind.AWAY : FailureKind.BROKEN;
  }
}
