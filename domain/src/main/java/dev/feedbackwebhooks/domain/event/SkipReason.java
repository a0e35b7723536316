package dev.feedbackwebhooks.domain.event;

/** Why an event that is well formed goes nowhere. */
public enum SkipReason {
  NO_CONFIG,
  CONFIG_DISABLED,
  CHANNEL_NOT_SELECTED,
  CAMPAIGN_NOT_ENABLED,
  STATUS_NOT_FORWARDED,
  NOT_TRANSACTIONAL
}
