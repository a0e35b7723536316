package dev.feedbackwebhooks.domain.audit;

/** The kind of an audited change. */
public enum AuditAction {
  CREATE_CONFIG,
  UPDATE_CONFIG,
  DELETE_CONFIG,
  /**
   * The service switched a configuration off, since its endpoint answered 410 Gone or only failed.
   */
  DISABLE_CONFIG,
  OPT_IN_CAMPAIGN,
  OPT_OUT_CAMPAIGN,
  RETRY_DELIVERY,
  /** A sample was sent to a configuration's endpoint. */
  TEST_CONFIG,
  START_REPLAY,
  CANCEL_REPLAY,
  DELETE_REPLAY
}
