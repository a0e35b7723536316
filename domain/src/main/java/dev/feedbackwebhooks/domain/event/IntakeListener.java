package dev.feedbackwebhooks.domain.event;

/** Hears what became of each event at intake, for metrics. Must be quick and must not throw. */
public interface IntakeListener {
  void decided(IntakeOutcome outcome);
}
