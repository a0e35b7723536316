package dev.feedbackwebhooks.app.options;

import static dev.feedbackwebhooks.app.options.Rules.readable;
import static dev.feedbackwebhooks.app.options.Rules.require;

import dev.feedbackwebhooks.app.ops.OpsListener;
import dev.feedbackwebhooks.app.ops.OpsSettings;
import dev.feedbackwebhooks.grpc.server.GrpcSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of the listeners and their TLS. */
final class ListenOptions {
  @Option(
      names = "--grpc-address",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9090",
      description = "Where gRPC listens; port 0 takes a free one (${DEFAULT-VALUE}).")
  InetSocketAddress grpcAddress;

  @Option(
      names = "--ops-address",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9091",
      description =
          "Where /metrics, /healthz and /readyz are, for whoever reaches it; beyond this machine by"
              + " https with --tls-cert, or in the clear with --insecure (${DEFAULT-VALUE}).")
  InetSocketAddress opsAddress;

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "gRPC's certificates, PEM.")
  Optional<Path> tlsCert;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "gRPC's private key, PEM.")
  Optional<Path> tlsKey;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "CAs that callers' certificates must have; makes TLS mutual.")
  Optional<Path> tlsClientCa;

  @Option(
      names = "--insecure",
      arity = "0..1",
      defaultValue = "false",
      fallbackValue = "true",
      description =
          "Lets gRPC and the operators' port listen beyond this machine without TLS, and gRPC"
              + " without --auth.")
  boolean insecure;

  /** The address of gRPC, which beyond this machine has to know its callers. */
  InetSocketAddress grpc(Optional<GrpcSettings.Tls> given, boolean knowsCallers) {
    boolean safe = given.isPresent() && (knowsCallers || tlsClientCa.isPresent());
    require(
        grpcAddress.getAddress().isLoopbackAddress() || safe || insecure,
        "--grpc-address: listening beyond this machine needs --tls-cert and --tls-key, and --auth"
            + " jwt or --tls-client-ca; or --insecure, if something else protects the port");
    return grpcAddress;
  }

  /** The operators' port speaks TLS where it is reached from elsewhere, if gRPC does. */
  OpsSettings ops(Optional<GrpcSettings.Tls> given) {
    boolean here = opsAddress.getAddress().isLoopbackAddress();
    Optional<OpsListener.Tls> tls =
        here
            ? Optional.empty()
            : given.map(files -> new OpsListener.Tls(files.certificates(), files.privateKey()));
    require(
        here || tls.isPresent() || insecure,
        "--ops-address: listening beyond this machine needs --tls-cert and --tls-key; or --insecure,"
            + " if something else protects the port");
    return new OpsSettings(opsAddress, tls);
  }

  Optional<GrpcSettings.Tls> tls() {
    require(
        tlsCert.isPresent() == tlsKey.isPresent(),
        "--tls-cert and --tls-key: give both, or neither");
    require(
        tlsClientCa.isEmpty() || tlsCert.isPresent(),
        "--tls-client-ca: needs --tls-cert and --tls-key");
    tlsCert.ifPresent(file -> readable("--tls-cert", file));
    tlsKey.ifPresent(file -> readable("--tls-key", file));
    tlsClientCa.ifPresent(file -> readable("--tls-client-ca", file));
    return tlsCert.map(cert -> new GrpcSettings.Tls(cert, tlsKey.orElseThrow(), tlsClientCa));
  }
}
