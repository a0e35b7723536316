package dev.feedbackwebhooks.persistence.stored;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.ConfigStatus;
import dev.feedbackwebhooks.domain.config.DeliverySettings;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.EndpointAuth.RegisteredClaims;
import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.config.PayloadVersion;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.Signing;
import dev.feedbackwebhooks.domain.config.Signing.SigningSecret;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.JwtKeys;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.key.SigningKey;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one codec between configurations and rows. What may be read stands in a JSON body, what may
 * not in a second one that is encrypted as a whole.
 */
public final class RowCodec {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .build();

  /** A configuration as a row. */
  public record Row(long configId, long version, boolean active, String body, Secret secrets) {}

  private record Url(String text, String host, int port, String target) {}

  private record Header(String name, @Nullable String value) {}

  private record Jwt(
      JwtAlgorithm algorithm,
      @Nullable String keyId,
      @Nullable String issuer,
      @Nullable String subject,
      @Nullable String audience,
      long lifetimeSeconds,
      boolean bodyHash,
      @Nullable PreviousKey previous,
      Map<String, @Nullable Object> additionalClaims) {}

  private record PreviousKey(JwtAlgorithm algorithm, @Nullable String keyId, long signsUntil) {}

  /**
   * How POSTs are signed.
   *
   * @param previousUntil null without an exchanged secret
   */
  private record Signed(
      Signing.Scheme scheme,
      Signing.@Nullable Scheme previousScheme,
      @Nullable Long previousUntil) {}

  private record Body(
      String displayName,
      Set<Channel> channels,
      Url url,
      @Nullable Jwt jwt,
      List<Header> headers,
      @Nullable Signed signing,
      @Nullable PayloadVersion payload,
      @Nullable Long sentFirstSeconds,
      boolean disabled,
      @Nullable Long goneAt,
      @Nullable Long failedAt,
      long createTime,
      long updateTime) {}

  /**
   * What is encrypted.
   *
   * @param key in Base64; null without a token
   * @param previousKey in Base64; null without an exchanged one
   * @param headers values by name
   * @param signing in Base64; null without signatures
   * @param previousSigning in Base64; null without an exchanged one
   */
  private record Secrets(
      @Nullable String key,
      @Nullable String previousKey,
      Map<String, String> headers,
      @Nullable String signing,
      @Nullable String previousSigning) {
    @Override
    public String toString() {
      return "[secret]";
    }
  }

  private final SecretBox box;

  public RowCodec(SecretBox box) {
    this.box = box;
  }

  public Row encode(WebhookConfig config) {
    try {
      byte[] secrets = JSON.writeValueAsBytes(secrets(config));
      return new Row(
          config.id(),
          config.version(),
          config.status().active(),
          JSON.writeValueAsString(body(config)),
          Secret.of(box.encrypt(secrets, config.scope().configName())));
    } catch (JacksonException e) {
      throw new IllegalStateException("a configuration can be written as JSON", e);
    }
  }

  public WebhookConfig decode(Scope scope, Row row) {
    try {
      Body body = JSON.readValue(row.body(), Body.class);
      Secrets secrets =
          JSON.readValue(box.decrypt(row.secrets().reveal(), scope.configName()), Secrets.class);
      return new WebhookConfig(
          row.configId(),
          row.version(),
          scope,
          body.displayName(),
          body.channels(),
          new EndpointUrl(
              body.url().text(), body.url().host(), body.url().port(), body.url().target()),
          auth(body, secrets),
          body.headers().stream().map(header -> header(header, secrets)).toList(),
          new DeliverySettings(
              signing(body.signing(), secrets),
              Objects.requireNonNullElse(body.payload(), PayloadVersion.V1),
              body.sentFirstSeconds() == null ? null : Duration.ofSeconds(body.sentFirstSeconds())),
          status(body),
          Instant.ofEpochMilli(body.createTime()),
          Instant.ofEpochMilli(body.updateTime()));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the stored " + scope.configName() + " does not open", e);
    }
  }

  private static Body body(WebhookConfig config) {
    EndpointUrl url = config.url();
    return new Body(
        config.displayName(),
        config.channels(),
        new Url(url.text(), url.host(), url.port(), url.target()),
        config.authentication() instanceof EndpointAuth.Jwt jwt ? jwt(jwt) : null,
        config.headers().stream().map(RowCodec::header).toList(),
        signed(config.terms().signing()),
        config.terms().payload(),
        config.terms().sentFirst() == null ? null : config.terms().sentFirst().toSeconds(),
        !config.status().active(),
        config.status() instanceof ConfigStatus.DisabledByEndpoint(Instant at)
            ? at.toEpochMilli()
            : null,
        config.status() instanceof ConfigStatus.DisabledByFailure(Instant at)
            ? at.toEpochMilli()
            : null,
        config.createTime().toEpochMilli(),
        config.updateTime().toEpochMilli());
  }

  private static Jwt jwt(EndpointAuth.Jwt jwt) {
    JwtKeys.Previous previous = jwt.keys().previous();
    return new Jwt(
        jwt.keys().current().algorithm(),
        jwt.keys().current().id(),
        jwt.claims().issuer(),
        jwt.claims().subject(),
        jwt.claims().audience(),
        jwt.lifetime().toSeconds(),
        jwt.bodyHash(),
        previous == null
            ? null
            : new PreviousKey(
                previous.key().algorithm(),
                previous.key().id(),
                previous.signsUntil().toEpochMilli()),
        jwt.additionalClaims());
  }

  private static Header header(HeaderParameter header) {
    return new Header(header.name(), header.sensitive() ? null : header.value().revealText());
  }

  private static Secrets secrets(WebhookConfig config) {
    Map<String, String> headers = new HashMap<>();
    Signing signing = config.terms().signing();
    Signing.Previous previous = signing == null ? null : signing.previous();
    for (HeaderParameter header : config.headers()) {
      if (header.sensitive()) {
        headers.put(header.name(), header.value().revealText());
      }
    }
    JwtKeys keys = config.authentication() instanceof EndpointAuth.Jwt jwt ? jwt.keys() : null;
    JwtKeys.Previous previousKey = keys == null ? null : keys.previous();
    return new Secrets(
        keys == null ? null : base64(keys.current().key()),
        previousKey == null ? null : base64(previousKey.key().key()),
        headers,
        signing == null ? null : base64(signing.current().key()),
        previous == null ? null : base64(previous.secret().key()));
  }

  private static String base64(SigningKey key) {
    return Base64.getEncoder().encodeToString(key.material().reveal());
  }

  private static SigningKey key(String base64) {
    return new SigningKey(Secret.of(Base64.getDecoder().decode(base64)));
  }

  private static @Nullable Signed signed(@Nullable Signing signing) {
    if (signing == null) {
      return null;
    }
    Signing.Previous previous = signing.previous();
    return new Signed(
        signing.current().scheme(),
        previous == null ? null : previous.secret().scheme(),
        previous == null ? null : previous.until().toEpochMilli());
  }

  private static @Nullable Signing signing(@Nullable Signed signed, Secrets secrets) {
    if (signed == null || secrets.signing() == null) {
      return null;
    }
    SigningSecret current = secret(signed.scheme(), secrets.signing());
    if (signed.previousScheme() == null
        || signed.previousUntil() == null
        || secrets.previousSigning() == null) {
      return new Signing(current, null);
    }
    return new Signing(
        current,
        new Signing.Previous(
            secret(signed.previousScheme(), secrets.previousSigning()),
            Instant.ofEpochMilli(signed.previousUntil())));
  }

  private static SigningSecret secret(Signing.Scheme scheme, String base64) {
    return new SigningSecret(scheme, key(base64));
  }

  private static EndpointAuth auth(Body body, Secrets secrets) {
    Jwt jwt = body.jwt();
    if (jwt == null || secrets.key() == null) {
      return new EndpointAuth.None();
    }
    JwtKey current = new JwtKey(jwt.algorithm(), key(secrets.key()), jwt.keyId());
    return new EndpointAuth.Jwt(
        new JwtKeys(current, previous(jwt.previous(), secrets)),
        new RegisteredClaims(jwt.issuer(), jwt.subject(), jwt.audience()),
        Duration.ofSeconds(jwt.lifetimeSeconds()),
        jwt.bodyHash(),
        jwt.additionalClaims());
  }

  private static JwtKeys.@Nullable Previous previous(@Nullable PreviousKey key, Secrets secrets) {
    return key == null || secrets.previousKey() == null
        ? null
        : new JwtKeys.Previous(
            new JwtKey(key.algorithm(), key(secrets.previousKey()), key.keyId()),
            Instant.ofEpochMilli(key.signsUntil()));
  }

  private static HeaderParameter header(Header header, Secrets secrets) {
    String value = header.value();
    return value != null
        ? new HeaderParameter(header.name(), Secret.of(value), false)
        : new HeaderParameter(
            header.name(), Secret.of(secrets.headers().getOrDefault(header.name(), "")), true);
  }

  private static ConfigStatus status(Body body) {
    if (body.goneAt() != null) {
      return new ConfigStatus.DisabledByEndpoint(Instant.ofEpochMilli(body.goneAt()));
    }
    if (body.failedAt() != null) {
      return new ConfigStatus.DisabledByFailure(Instant.ofEpochMilli(body.failedAt()));
    }
    return body.disabled() ? new ConfigStatus.Disabled() : new ConfigStatus.Active();
  }
}
