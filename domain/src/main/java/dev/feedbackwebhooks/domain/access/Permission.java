package dev.feedbackwebhooks.domain.access;

/** A permission of a caller. The spelling in an access token is {@link #scope()}. */
public enum Permission {
  READ_CONFIGS("configs.read"),
  WRITE_CONFIGS("configs.write"),
  WRITE_CAMPAIGNS("campaigns.write"),
  WRITE_EVENTS("events.write"),
  READ_DELIVERIES("deliveries.read"),
  WRITE_DELIVERIES("deliveries.write"),
  READ_AUDIT("audit.read");

  private final String scope;

  Permission(String scope) {
    this.scope = scope;
  }

  public String scope() {
    return scope;
  }
}
