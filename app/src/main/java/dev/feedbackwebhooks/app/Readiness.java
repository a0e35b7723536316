package dev.feedbackwebhooks.app;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whether events can be taken in, and if not, why. */
final class Readiness {
  private boolean listening;
  private @Nullable String damage;
  private @Nullable String failure;
  private @Nullable Consumer<Boolean> listener;

  /** Hears of each change, at once of how it is now. */
  synchronized void onChange(Consumer<Boolean> hears) {
    listener = hears;
    tell();
  }

  synchronized void listening(boolean now) {
    listening = now;
    tell();
  }

  /** For good: whoever watches must do something. */
  synchronized void damaged(String why) {
    damage = why;
    tell();
  }

  synchronized void failing(String why) {
    failure = why;
    tell();
  }

  synchronized void recovered() {
    failure = null;
    tell();
  }

  synchronized boolean isFailing() {
    return failure != null && damage == null;
  }

  synchronized boolean isReady() {
    return listening && damage == null && failure == null;
  }

  /** One line. */
  synchronized String text() {
    if (isReady()) {
      return "ready";
    }
    if (damage != null) {
      return "not ready: the database is damaged, see the log";
    }
    return failure == null ? "not ready" : "not ready: the store cannot write: " + failure;
  }

  private void tell() {
    if (listener != null) {
      listener.accept(isReady());
    }
  }
}
