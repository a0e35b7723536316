package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.audit.FieldValue;
import dev.feedbackwebhooks.domain.audit.FieldValue.Hidden;
import dev.feedbackwebhooks.domain.audit.FieldValue.Shown;
import dev.feedbackwebhooks.domain.egress.AsciiHost;
import dev.feedbackwebhooks.domain.key.Fingerprints;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.JwtKeys;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A configuration's fields by their path, as an audit record may show them. */
final class ConfigFields {
  private final Fingerprints fingerprints;
  private final Set<String> sensitive;
  private final Map<String, FieldValue> fields = new LinkedHashMap<>();

  private ConfigFields(Fingerprints fingerprints, Set<String> sensitive) {
    this.fingerprints = fingerprints;
    this.sensitive = sensitive;
  }

  /**
   * @param config null has no fields
   * @param sensitive names of further headers that are secret, in lower case
   */
  static Map<String, FieldValue> of(
      @Nullable WebhookConfig config, Set<String> sensitive, Fingerprints fingerprints) {
    ConfigFields fields = new ConfigFields(fingerprints, sensitive);
    if (config != null) {
      fields.addAll(config);
    }
    return fields.fields;
  }

  /** Names of a configuration's sensitive headers, in lower case. */
  static Set<String> sensitiveHeaders(@Nullable WebhookConfig config) {
    return config == null
        ? Set.of()
        : config.headers().stream()
            .filter(HeaderParameter::sensitive)
            .map(header -> AsciiHost.lower(header.name()))
            .collect(Collectors.toSet());
  }

  private void addAll(WebhookConfig config) {
    show("display_name", config.displayName());
    show("channels", names(EnumSet.copyOf(config.channels())));
    show("url", config.url().text());
    show("enabled", String.valueOf(config.status().active()));
    show("state", state(config.status()));
    switch (config.authentication()) {
      case EndpointAuth.None _ -> show("authentication", "no_authentication");
      case EndpointAuth.Jwt jwt -> add(jwt);
    }
    show("payload_version", config.terms().payload().name());
    if (config.terms().sentFirst() != null) {
      show("order", "SENT_FIRST");
      show("order_wait", config.terms().sentFirst().toSeconds() + "s");
    }
    addHeaders(config);
    if (config.terms().signing() != null) {
      add(config.terms().signing());
    }
  }

  private static String names(Set<Channel> channels) {
    return channels.stream().map(Channel::name).collect(Collectors.joining(", "));
  }

  private static String state(ConfigStatus status) {
    return switch (status) {
      case ConfigStatus.Active _ -> "ACTIVE";
      case ConfigStatus.Disabled _ -> "DISABLED";
      case ConfigStatus.DisabledByEndpoint _ -> "DISABLED_BY_ENDPOINT";
      case ConfigStatus.DisabledByFailure _ -> "DISABLED_BY_FAILURE";
    };
  }

  private void add(EndpointAuth.Jwt jwt) {
    show("authentication", "jwt");
    add("jwt.", jwt.keys().current());
    JwtKeys.Previous previous = jwt.keys().previous();
    if (previous != null) {
      show("jwt.sign_from", previous.signsUntil().toString());
      add("jwt.previous_key.", previous.key());
    }
    show("jwt.issuer", jwt.claims().issuer());
    show("jwt.subject", jwt.claims().subject());
    show("jwt.audience", jwt.claims().audience());
    show("jwt.lifetime", jwt.lifetime().toSeconds() + "s");
    show("jwt.body_sha256", jwt.bodyHash() ? "true" : null);
    jwt.additionalClaims().forEach((name, value) -> show(claim(name), json(value)));
  }

  private void add(String path, JwtKey key) {
    show(path + "algorithm", key.algorithm().name());
    // Not keyed: keys are too long to guess, and so it is the one that reading the field tells.
    fields.put(path + "key_fingerprint", new Hidden(key.key().fingerprint()));
    show(path + "key_id", key.id());
  }

  private void add(Signing signing) {
    show("signing.scheme", signing.current().scheme().name());
    fields.put("signing.key_fingerprint", new Hidden(signing.current().key().fingerprint()));
    if (signing.previous() != null) {
      fields.put(
          "signing.previous_key_fingerprint",
          new Hidden(signing.previous().secret().key().fingerprint()));
      show("signing.previous_expire_time", signing.previous().until().toString());
    }
  }

  /**
   * A claim as JSON, in which a text stands in quotes, which tells "3" from 3. As one field: a path
   * for each value within would repeat the keys around it, and make megabytes of a few KiB.
   */
  private static String json(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> quoted(String.valueOf(entry.getKey())) + ": " + json(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> list ->
          list.stream().map(ConfigFields::json).collect(Collectors.joining(", ", "[", "]"));
      case String text -> quoted(text);
      case null, default -> String.valueOf(value);
    };
  }

  private static String claim(String name) {
    return "jwt.additional_claims" + key(name);
  }

  private static String key(String name) {
    return "[" + quoted(name) + "]";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private void addHeaders(WebhookConfig config) {
    if (!config.headers().isEmpty()) {
      show(
          "header_parameters",
          config.headers().stream().map(HeaderParameter::name).collect(Collectors.joining(", ")));
    }
    for (HeaderParameter header : config.headers()) {
      String path = "header_parameters" + key(header.name());
      fields.put(path + ".value", value(config.scope(), header));
      show(path + ".sensitive", String.valueOf(header.sensitive()));
    }
  }

  private FieldValue value(Scope scope, HeaderParameter header) {
    return header.sensitive() || sensitive.contains(AsciiHost.lower(header.name()))
        ? new Hidden(fingerprints.of(scope.configName(), header.value()))
        : new Shown(header.value().revealText());
  }

  private void show(String field, @Nullable String text) {
    if (text != null) {
      fields.put(field, new Shown(text));
    }
  }
}
