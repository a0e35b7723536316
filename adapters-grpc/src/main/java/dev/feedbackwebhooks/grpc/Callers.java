package dev.feedbackwebhooks.grpc;

import dev.feedbackwebhooks.domain.access.Caller;
import io.grpc.Context;

/** The caller of the call that the current thread serves. */
final class Callers {
  private static final Context.Key<Caller> CURRENT = Context.key("caller");

  private Callers() {}

  static Caller current() {
    Caller caller = CURRENT.get();
    if (caller == null) {
      throw new IllegalStateException("no interceptor said who calls");
    }
    return caller;
  }

  static Context with(Caller caller) {
    return Context.current().withValue(CURRENT, caller);
  }
}
