package dev.feedbackwebhooks.app.ops;

import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.PublicKeys;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys that receivers verify tokens by: a document for each configuration. */
public record PublishedKeys(Configs configs, PublicKeys keys, InstantSource clock) {
  /** All documents are below it. */
  static final String PATH = "/jwks/";

  private static final Pattern DOCUMENT = Pattern.compile("/jwks/([^/]+)/([^/]+)");

  /**
   * The document at a path; empty for a path that can have none. Where no configuration is, or one
   * without public keys, it has no keys: so it tells nobody who is a customer.
   */
  Optional<String> at(String path) {
    Matcher document = DOCUMENT.matcher(path);
    if (!document.matches()) {
      return Optional.empty();
    }
    Scope scope = new Scope(document.group(1), document.group(2));
    return Optional.of(keys.jwkSet(isPossible(scope) ? published(scope) : List.of()));
  }

  private static boolean isPossible(Scope scope) {
    Violations violations = new Violations();
    return violations.resourceId("organization", scope.organization())
        && violations.resourceId("sandbox", scope.sandbox());
  }

  private List<JwtKey> published(Scope scope) {
    return configs
        .peek(scope)
        .map(config ->
            switch (config.authentication()) {
              case EndpointAuth.None _ -> List.<JwtKey>of();
              case EndpointAuth.Jwt jwt -> jwt.keys().published(clock.instant());
            })
        .orElse(List.of());
  }
}
