package dev.feedbackwebhooks.grpc.access;

import dev.feedbackwebhooks.domain.access.Caller;
import io.grpc.Context;
import java.time.Instant;
import java.util.Optional;

/** The caller of the call that the current thread serves. */
public final class Callers {
  private static final Context.Key<Caller> CURRENT = Context.key("caller");

  private static final Context.Key<Instant> UNTIL = Context.key("until");

  private Callers() {}

  public static Caller current() {
    Caller caller = CURRENT.get();
    if (caller == null) {
      throw new IllegalStateException("no interceptor said who calls");
    }
    return caller;
  }

  /** Until when the caller's token is good; empty if it needs none. */
  public static Optional<Instant> until() {
    return Optional.ofNullable(UNTIL.get());
  }

  static Context with(Caller caller) {
    return Context.current().withValue(CURRENT, caller);
  }

  static Context with(Caller caller, Instant until) {
    return Context.current().withValues(CURRENT, caller, UNTIL, until);
  }
}
