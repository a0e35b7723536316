package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.sql.SQLException;
import java.time.Duration;

/** What a failure of the database is about. Each dialect says it of its own codes, in one place. */
public enum FailureKind {
  /** The data of one row: it is refused each time, and all else is taken. */
  REFUSED,
  /**
   * One row as well, and no fault of whoever brought its data: a key, a reference or a column that
   * this program or the schema gets wrong, or a damaged page.
   */
  FAULTY,
  /** Others that write were in the way: the same would succeed a moment later. */
  IN_THE_WAY,
  /** The database cannot be reached, or has no room now: whatever is asked for. */
  AWAY,
  /** Anything else. It may be a bug, or something that an operator must see to. */
  BROKEN;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** Tells of what kind a failure is. */
  public interface Of {
    FailureKind of(SQLException failure);

    /** What somebody gets who wanted to write. */
    default RuntimeException thrown(SQLException failure) {
      FailureKind kind = of(failure);
      return kind.ofOneRow() ? new RefusedException(failure, kind == REFUSED) : notWritten();
    }
  }

  /** Whether others can be written all the same. */
  boolean ofOneRow() {
    return switch (this) {
      case REFUSED, FAULTY -> true;
      case IN_THE_WAY, AWAY, BROKEN -> false;
    };
  }

  static Fault notWritten() {
    return new Fault.Unavailable(
        Reason.STORE_UNAVAILABLE, "the store cannot write now: try again", RETRY_AFTER);
  }

  /** What somebody gets who wanted to read. */
  public static Fault notRead() {
    return new Fault.Unavailable(
        Reason.STORE_UNAVAILABLE, "the store cannot be reached now: try again", RETRY_AFTER);
  }
}
