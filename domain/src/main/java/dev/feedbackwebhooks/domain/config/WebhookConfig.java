package dev.feedbackwebhooks.domain.config;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A customer's saved wish: bring feedback of these channels to this endpoint. One per scope.
 *
 * @param id tells this configuration from an earlier, deleted one of the same scope
 * @param version 1 when created, one more with each change
 * @param displayName 1–100 characters
 * @param channels at least one
 * @param headers at most 32, at most 16 KiB together
 */
public record WebhookConfig(
    long id,
    long version,
    Scope scope,
    String displayName,
    Set<Channel> channels,
    EndpointUrl url,
    EndpointAuth authentication,
    List<HeaderParameter> headers,
    DeliverySettings terms,
    ConfigStatus status,
    Instant createTime,
    Instant updateTime) {
  private static final int WEIGHT = 1 << 10;
  private static final int WEIGHT_OF_JWT = 2 << 10;

  public WebhookConfig {
    channels = Set.copyOf(channels);
    headers = List.copyOf(headers);
  }

  /** One that asks for nothing besides. */
  public WebhookConfig(
      long id,
      long version,
      Scope scope,
      String displayName,
      Set<Channel> channels,
      EndpointUrl url,
      EndpointAuth authentication,
      List<HeaderParameter> headers,
      ConfigStatus status,
      Instant createTime,
      Instant updateTime) {
    this(
        id,
        version,
        scope,
        displayName,
        channels,
        url,
        authentication,
        headers,
        DeliverySettings.NONE,
        status,
        createTime,
        updateTime);
  }

  /** Opaque to callers: changes with every change of the configuration. */
  public String etag() {
    return Long.toUnsignedString(id, 36) + "." + version;
  }

  /** Whether it is the same configuration as {@code earlier}, and still sends to the same URL. */
  public boolean sendsLike(WebhookConfig earlier) {
    return id == earlier.id() && url.equals(earlier.url());
  }

  /** Bytes that it takes in memory, roughly: headers are what may make it large. */
  int weight() {
    int values = headers.stream().mapToInt(header -> header.value().size()).sum();
    return switch (authentication) {
      case EndpointAuth.None _ -> WEIGHT + values;
      case EndpointAuth.Jwt _ -> WEIGHT + WEIGHT_OF_JWT + values;
    };
  }

  /** This configuration, switched off by the service. */
  WebhookConfig disabled(ConfigStatus why, Instant at) {
    return new WebhookConfig(
        id,
        version + 1,
        scope,
        displayName,
        channels,
        url,
        authentication,
        headers,
        terms,
        why,
        createTime,
        at);
  }
}
