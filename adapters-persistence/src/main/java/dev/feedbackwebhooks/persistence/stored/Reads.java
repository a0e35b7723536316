package dev.feedbackwebhooks.persistence.stored;

import com.google.common.base.Throwables;
import dev.feedbackwebhooks.domain.fault.Fault;
import java.sql.SQLException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that read. Who asks while the database is away, or loses it in the middle, gets a
 * {@link Fault.Unavailable} and may ask again; anything else is a bug.
 */
public record Reads(Jdbi jdbi, FailureKind.Of kinds) {
  private static final Logger log = LoggerFactory.getLogger(Reads.class);

  public <R, X extends Exception> R withHandle(HandleCallback<R, X> asks) throws X {
    try {
      return jdbi.withHandle(asks);
    } catch (JdbiException e) {
      throw asFault(e);
    }
  }

  public <X extends Exception> void useHandle(HandleConsumer<X> asks) throws X {
    try {
      jdbi.useHandle(asks);
    } catch (JdbiException e) {
      throw asFault(e);
    }
  }

  /** All that is asked for is as of one moment, if the level says so. */
  public <R, X extends Exception> R inTransaction(HandleCallback<R, X> asks) throws X {
    try {
      return jdbi.inTransaction(asks);
    } catch (JdbiException e) {
      throw asFault(e);
    }
  }

  /** The same at a level. */
  public <R, X extends Exception> R inTransaction(
      TransactionIsolationLevel level, HandleCallback<R, X> asks) throws X {
    try {
      return jdbi.inTransaction(level, asks);
    } catch (JdbiException e) {
      throw asFault(e);
    }
  }

  private RuntimeException asFault(JdbiException failure) {
    return Throwables.getCausalChain(failure).stream()
            .filter(SQLException.class::isInstance)
            .map(cause -> kinds.of((SQLException) cause))
            .anyMatch(kind -> kind == FailureKind.AWAY || kind == FailureKind.IN_THE_WAY)
        ? away(failure)
        : failure;
  }

  private static Fault away(JdbiException failure) {
    log.atDebug().addKeyValue("cause", failure.getMessage()).log("not read");
    return FailureKind.notRead();
  }
}
