package dev.feedbackwebhooks.app.options;

import static dev.feedbackwebhooks.app.options.Rules.require;

import dev.feedbackwebhooks.grpc.access.AuthSettings;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of callers' authentication. */
final class AuthOptions {
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "[::1]", "localhost");

  @Option(
      names = "--auth",
      paramLabel = "none|jwt",
      defaultValue = "none",
      description = "How callers prove who they are (${DEFAULT-VALUE}).")
  Mode auth;

  @Option(
      names = "--auth-jwks",
      paramLabel = "FILE|URL",
      description = "Keys that callers' tokens are signed with; needed by --auth jwt.")
  Optional<String> authJwks;

  @Option(
      names = "--auth-audience",
      paramLabel = "TEXT",
      description = "Audience that callers' tokens must name; needed by --auth jwt.")
  Optional<String> authAudience;

  @Option(
      names = "--auth-issuer",
      paramLabel = "TEXT",
      description = "Issuer that callers' tokens must name; any with a key of the set by default.")
  Optional<String> authIssuer;

  enum Mode {
    none,
    jwt
  }

  AuthSettings settings() {
    return switch (auth) {
      case none -> {
        require(
            authJwks.isEmpty() && authAudience.isEmpty() && authIssuer.isEmpty(),
            "--auth-jwks, --auth-audience and --auth-issuer: need --auth jwt");
        yield new AuthSettings.None();
      }
      case jwt -> jwt();
    };
  }

  private AuthSettings jwt() {
    require(authJwks.isPresent(), "--auth jwt: needs --auth-jwks");
    require(authAudience.isPresent(), "--auth jwt: needs --auth-audience");
    require(!authAudience.orElseThrow().isBlank(), "--auth-audience: must not be empty");
    require(
        authIssuer.isEmpty() || !authIssuer.orElseThrow().isBlank(),
        "--auth-issuer: must not be empty");
    String jwks = authJwks.orElseThrow();
    requireTrustworthy(jwks);
    return new AuthSettings.Jwt(jwks, authAudience.orElseThrow(), authIssuer);
  }

  /** Requires https or a file: whoever can change the keys on their way can make tokens. */
  private static void requireTrustworthy(String jwks) {
    if (!jwks.contains("://")) {
      return;
    }
    URI uri;
    try {
      uri = URI.create(jwks);
    } catch (IllegalArgumentException _) {
      throw new SettingsException("--auth-jwks: is no URL");
    }
    String host = uri.getHost() == null ? "" : uri.getHost();
    boolean near = "http".equals(uri.getScheme()) && THIS_MACHINE.contains(host);
    require(
        !host.isEmpty() && ("https".equals(uri.getScheme()) || near),
        "--auth-jwks: give a file or an https URL (http only to this machine)");
  }
}
