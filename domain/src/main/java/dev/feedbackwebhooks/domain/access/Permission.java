package dev.feedbackwebhooks.domain.access;

/** What a caller may do. The spelling in an access token is {@link #scope()}. */
public enum Permission {
  READ_CONFIGS("configs.read"),
  WRITE_CONFIGS("configs.write"),
  INGEST_EVENTS("events.ingest"),
  READ_DELIVERIES("deliveries.read"),
  RETRY_DELIVERIES("deliveries.retry");

  private final String scope;

  Permission(String scope) {
    this.scope = scope;
  }

  public String scope() {
    return scope;
  }
}
