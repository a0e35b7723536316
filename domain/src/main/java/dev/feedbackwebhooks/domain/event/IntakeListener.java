package dev.feedbackwebhooks.domain.event;

import org.jspecify.annotations.Nullable;

/** Hears what became of each event at intake, for metrics. Must be quick and must not throw. */
public interface IntakeListener {
  /**
   * @param organization whose event it was; null where it was not valid
   */
  void decided(@Nullable String organization, IntakeOutcome outcome);
}
