package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.FailureKind;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's result codes are about. */
final class SqliteFailures implements FailureKind.Of {
  /** Extended codes have the plain one in their lowest byte. */
  private static final int PLAIN = 0xff;

  @Override
  public FailureKind of(SQLException failure) {
    return switch (plain(failure)) {
      case SQLITE_CONSTRAINT -> constraint(failure);
      case SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE -> FailureKind.REFUSED;
      case SQLITE_BUSY,
          SQLITE_LOCKED,
          SQLITE_NOMEM,
          SQLITE_READONLY,
          SQLITE_INTERRUPT,
          SQLITE_IOERR,
          SQLITE_FULL,
          SQLITE_CANTOPEN,
          SQLITE_PROTOCOL ->
          FailureKind.AWAY;
      case null, default -> FailureKind.BROKEN;
    };
  }

  /** Only the first three say which data is taken: the others are ours to repair. */
  private static FailureKind constraint(SQLException failure) {
    return switch (SQLiteErrorCode.getErrorCode(code(failure))) {
      case SQLITE_CONSTRAINT_CHECK, SQLITE_CONSTRAINT_TRIGGER, SQLITE_CONSTRAINT_DATATYPE ->
          FailureKind.REFUSED;
      case null, default -> FailureKind.FAULTY;
    };
  }

  private static SQLiteErrorCode plain(SQLException failure) {
    return SQLiteErrorCode.getErrorCode(code(failure) & PLAIN);
  }

  private static int code(SQLException failure) {
    return failure instanceof SQLiteException e ? e.getResultCode().code : failure.getErrorCode();
  }
}
