package dev.feedbackwebhooks.sender.judge;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import org.jspecify.annotations.Nullable;

/** An attempt came to nothing, for a reason that is already known. Never leaves this package. */
public final class ExchangeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final AttemptFailure failure;

  /**
   * @param detail one line for people; no secret
   */
  public ExchangeException(AttemptFailure failure, String detail, @Nullable Throwable cause) {
    super(detail, cause, false, false);
    this.failure = failure;
  }

  /** One whose class says it all. */
  public ExchangeException(AttemptFailure failure) {
    this(failure, FailureJudge.text(failure), null);
  }

  AttemptFailure failure() {
    return failure;
  }
}
