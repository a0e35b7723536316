package dev.feedbackwebhooks.app;

import static dev.feedbackwebhooks.app.Settings.between;
import static dev.feedbackwebhooks.app.Settings.positive;
import static dev.feedbackwebhooks.app.Settings.readable;
import static dev.feedbackwebhooks.app.Settings.require;

import dev.feedbackwebhooks.app.ops.OpsListener;
import dev.feedbackwebhooks.grpc.AuthSettings;
import dev.feedbackwebhooks.grpc.GrpcSettings;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/** The rules of those settings that say where the server listens, and to whom. */
final class GrpcRules {
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "[::1]", "localhost");

  private GrpcRules() {}

  /**
   * @throws SettingsException for the first rule that is broken
   */
  static GrpcSettings settings(ServeOptions options) {
    Optional<GrpcSettings.Tls> tls = tls(options);
    AuthSettings auth = auth(options);
    boolean protectedListener =
        tls.isPresent() && (auth instanceof AuthSettings.Jwt || options.tlsClientCa().isPresent());
    require(
        options.grpcAddress().getAddress().isLoopbackAddress()
            || protectedListener
            || options.insecure(),
        "--grpc-address: listening beyond this machine needs --tls-cert and --tls-key, and --auth"
            + " jwt or --tls-client-ca; or --insecure, if something else protects the port");
    return new GrpcSettings(
        options.grpcAddress(), tls, auth, connections(options), options.grpcReflection());
  }

  /** The operators' port speaks TLS where it is reached from elsewhere, if gRPC does. */
  static OpsServer.Listening ops(ServeOptions options) {
    boolean here = options.opsAddress().getAddress().isLoopbackAddress();
    Optional<OpsListener.Tls> tls =
        here
            ? Optional.empty()
            : tls(options)
                .map(given -> new OpsListener.Tls(given.certificates(), given.privateKey()));
    require(
        here || tls.isPresent() || options.insecure(),
        "--ops-address: listening beyond this machine needs --tls-cert and --tls-key; or --insecure,"
            + " if something else protects the port");
    return new OpsServer.Listening(options.opsAddress(), tls);
  }

  private static Optional<GrpcSettings.Tls> tls(ServeOptions options) {
    require(
        options.tlsCert().isPresent() == options.tlsKey().isPresent(),
        "--tls-cert and --tls-key: give both, or neither");
    require(
        options.tlsClientCa().isEmpty() || options.tlsCert().isPresent(),
        "--tls-client-ca: needs --tls-cert and --tls-key");
    options.tlsCert().ifPresent(file -> readable("--tls-cert", file));
    options.tlsKey().ifPresent(file -> readable("--tls-key", file));
    options.tlsClientCa().ifPresent(file -> readable("--tls-client-ca", file));
    return options
        .tlsCert()
        .map(cert ->
            new GrpcSettings.Tls(cert, options.tlsKey().orElseThrow(), options.tlsClientCa()));
  }

  private static AuthSettings auth(ServeOptions options) {
    boolean jwt = options.auth() == ServeOptions.AuthMode.jwt;
    require(
        jwt
            || (options.authJwks().isEmpty()
                && options.authAudience().isEmpty()
                && options.authIssuer().isEmpty()),
        "--auth-jwks, --auth-audience and --auth-issuer: need --auth jwt");
    if (!jwt) {
      return new AuthSettings.None();
    }
    require(options.authJwks().isPresent(), "--auth jwt: needs --auth-jwks");
    require(options.authAudience().isPresent(), "--auth jwt: needs --auth-audience");
    require(!options.authAudience().orElseThrow().isBlank(), "--auth-audience: must not be empty");
    require(
        options.authIssuer().isEmpty() || !options.authIssuer().orElseThrow().isBlank(),
        "--auth-issuer: must not be empty");
    String jwks = options.authJwks().orElseThrow();
    requireTrustworthy(jwks);
    return new AuthSettings.Jwt(jwks, options.authAudience().orElseThrow(), options.authIssuer());
  }

  /** Who can change the keys on their way can make tokens. */
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
    boolean near = "http".equals(uri.getScheme()) && THIS_MACHINE.contains(host(uri));
    require(
        !host(uri).isEmpty() && ("https".equals(uri.getScheme()) || near),
        "--auth-jwks: give a file or an https URL (http only to this machine)");
  }

  private static String host(URI uri) {
    return uri.getHost() == null ? "" : uri.getHost();
  }

  private static GrpcSettings.Connections connections(ServeOptions options) {
    between("--grpc-connections", options.grpcConnections(), 1, 100_000);
    positive("--grpc-handshake-timeout", options.grpcHandshakeTimeout());
    positive("--grpc-connection-idle", options.grpcConnectionIdle());
    positive("--grpc-connection-age", options.grpcConnectionAge());
    return new GrpcSettings.Connections(
        options.grpcConnections(),
        options.grpcHandshakeTimeout(),
        options.grpcConnectionIdle(),
        options.grpcConnectionAge(),
        options.grpcConnectionGrace());
  }
}
