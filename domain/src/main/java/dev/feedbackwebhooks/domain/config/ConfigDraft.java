package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as its owner wrote it down: complete, but not yet checked against any rule.
 *
 * @param channels as given, doubles included
 * @param authentication null means none
 */
public record ConfigDraft(
    Scope scope,
    String displayName,
    List<Channel> channels,
    String url,
    @Nullable JwtDraft authentication,
    List<HeaderDraft> headers,
    TermsDraft terms,
    boolean enabled) {
  /** One that asks for nothing besides. */
  public ConfigDraft(
      Scope scope,
      String displayName,
      List<Channel> channels,
      String url,
      @Nullable JwtDraft authentication,
      List<HeaderDraft> headers,
      boolean enabled) {
    this(scope, displayName, channels, url, authentication, headers, TermsDraft.NONE, enabled);
  }

  /**
   * The delivery settings that are asked for.
   *
   * @param signing secret to sign with; empty for the stored one, null for no signature
   * @param sentFirst how long the final status of a message waits for its {@code sent}; null for
   *     not at all
   */
  public record TermsDraft(
      @Nullable Secret signing, PayloadVersion payload, @Nullable Duration sentFirst) {
    /** Asks for nothing. */
    public static final TermsDraft NONE = new TermsDraft(null, PayloadVersion.V1, null);
  }

  /**
   * An extra header. A sensitive one with an empty value keeps the value that is stored under its
   * name.
   */
  public record HeaderDraft(String name, String value, boolean sensitive) {
    @Override
    public String toString() {
      return "HeaderDraft[" + name + "]";
    }
  }

  /**
   * Token authentication. With neither {@code secret} nor {@code privateKeyPem}, the stored key is
   * kept, if it is one for the same algorithm.
   *
   * @param algorithm null where none was chosen
   * @param secret empty where none was given
   * @param signFrom when a key that is given begins to sign; null means now
   * @param lifetime null means five minutes
   */
  public record JwtDraft(
      @Nullable JwtAlgorithm algorithm,
      Secret secret,
      Secret privateKeyPem,
      String keyId,
      @Nullable Instant signFrom,
      String issuer,
      String subject,
      String audience,
      @Nullable Duration lifetime,
      boolean bodyHash,
      Map<String, @Nullable Object> additionalClaims) {}
}
