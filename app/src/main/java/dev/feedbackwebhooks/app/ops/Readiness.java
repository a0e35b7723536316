package dev.feedbackwebhooks.app.ops;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether events can be taken in, and if not, why. */
public final class Readiness {
  private boolean listening;
  private @Nullable String damage;
  private @Nullable String failure;
  private @Nullable String unsettled;
  private @Nullable Consumer<Boolean> listener;

  /** Hears of each change, at once of how it is now. */
  public synchronized void onChange(Consumer<Boolean> hears) {
    listener = hears;
    tell();
  }

  public synchronized void listening(boolean now) {
    listening = now;
    tell();
  }

  /** For good: whoever watches must do something. */
  public synchronized void damaged(String why) {
    damage = why;
    tell();
  }

  public synchronized void failing(String why) {
    failure = why;
    tell();
  }

  public synchronized void recovered() {
    failure = null;
    tell();
  }

  /** The store takes nothing of what attempts came to. */
  public synchronized void settlesNothing(String why) {
    unsettled = why;
    tell();
  }

  public synchronized void settlesAgain() {
    unsettled = null;
    tell();
  }

  public synchronized boolean isFailing() {
    return (failure != null || unsettled != null) && damage == null;
  }

  synchronized boolean isReady() {
    return listening && damage == null && failure == null && unsettled == null;
  }

  /** One line. */
  synchronized String text() {
    if (isReady()) {
      return "ready";
    }
    if (damage != null) {
      return "not ready: the database is damaged, see the log";
    }
    String why = failure == null ? unsettled : failure;
    return why == null ? "not ready" : "not ready: the store cannot write: " + why;
  }

  private void tell() {
    if (listener != null) {
      listener.accept(isReady());
    }
  }
}
