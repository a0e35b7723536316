package dev.feedbackwebhooks.domain.event;

import dev.feedbackwebhooks.domain.config.PayloadVersion;
import dev.feedbackwebhooks.domain.delivery.Payload;

/** Renders an event as the body that its receiver gets. Called once per event, at intake. */
public interface PayloadFormat {
  /** Never fails: an event is valid by construction. */
  Payload render(FeedbackEvent event, PayloadVersion version);
}
