package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Attempts as rows have them. */
public final class AttemptRow {
  private static final String ACCEPTED = "accepted";
  private static final String RETRYABLE = "retryable";
  private static final String REFUSED = "refused";

  private AttemptRow() {}

  public static String result(AttemptResult result) {
    return switch (result) {
      case AttemptResult.Accepted _ -> ACCEPTED;
      case AttemptResult.Retryable _ -> RETRYABLE;
      case AttemptResult.Refused _ -> REFUSED;
    };
  }

  public static String failure(AttemptResult result) {
    return result instanceof AttemptResult.Retryable retryable ? retryable.failure().name() : "";
  }

  public static int httpStatus(AttemptResult result) {
    return switch (result) {
      case AttemptResult.Accepted(int status) -> status;
      case AttemptResult.Retryable retryable -> retryable.httpStatus();
      case AttemptResult.Refused refused -> refused.httpStatus();
    };
  }

  public static String detail(AttemptResult result) {
    return switch (result) {
      case AttemptResult.Accepted _ -> "";
      case AttemptResult.Retryable retryable -> retryable.detail();
      case AttemptResult.Refused refused -> refused.detail();
    };
  }

  /** One that a later version wrote is told by its detail. */
  static AttemptFailure failure(String name) {
    try {
      return AttemptFailure.valueOf(name);
    } catch (IllegalArgumentException _) {
      return AttemptFailure.INTERNAL;
    }
  }

  /** The hint of a retryable one is not kept: it has had its effect. */
  public static Attempt read(ResultSet row) throws SQLException {
    int status = row.getInt("http_status");
    String detail = row.getString("detail");
    AttemptResult result =
        switch (row.getString("result")) {
          case ACCEPTED -> new AttemptResult.Accepted(status);
          case REFUSED -> new AttemptResult.Refused(status, detail);
          default ->
              new AttemptResult.Retryable(failure(row.getString("failure")), status, null, detail);
        };
    return new Attempt(
        row.getInt("number"),
        Instant.ofEpochMilli(row.getLong("start_time")),
        Duration.ofMillis(row.getLong("duration_millis")),
        result,
        AttemptBlob.read(row.getBytes("wire")),
        next(row));
  }

  private static @Nullable Instant next(ResultSet row) throws SQLException {
    long millis = row.getLong("next_time");
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
