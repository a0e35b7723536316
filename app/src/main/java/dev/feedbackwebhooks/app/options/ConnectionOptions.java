package dev.feedbackwebhooks.app.options;

import static dev.feedbackwebhooks.app.options.Rules.between;
import static dev.feedbackwebhooks.app.options.Rules.positive;

import dev.feedbackwebhooks.grpc.server.GrpcSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of gRPC connections. */
final class ConnectionOptions {
  @Option(
      names = "--grpc-reflection",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "true",
      description = "Whether clients may read the API's schema (${DEFAULT-VALUE}).")
  boolean grpcReflection;

  @Option(
      names = "--grpc-connections",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Clients' connections at the same time (${DEFAULT-VALUE}).")
  int grpcConnections;

  @Option(
      names = "--grpc-handshake-timeout",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description =
          "For a connection to begin, TLS included, and then for its first call (${DEFAULT-VALUE}).")
  Duration grpcHandshakeTimeout;

  @Option(
      names = "--grpc-connection-idle",
      paramLabel = "DURATION",
      defaultValue = "15m",
      description = "A connection without calls is closed after so long (${DEFAULT-VALUE}).")
  Duration grpcConnectionIdle;

  @Option(
      names = "--grpc-connection-age",
      paramLabel = "DURATION",
      defaultValue = "1h",
      description = "A connection gets no new call after so long (${DEFAULT-VALUE}).")
  Duration grpcConnectionAge;

  @Option(
      names = "--grpc-connection-grace",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description = "For the calls that run on such a connection (${DEFAULT-VALUE}).")
  Duration grpcConnectionGrace;

  GrpcSettings.Connections settings() {
    between("--grpc-connections", grpcConnections, 1, 100_000);
    positive("--grpc-handshake-timeout", grpcHandshakeTimeout);
    positive("--grpc-connection-idle", grpcConnectionIdle);
    positive("--grpc-connection-age", grpcConnectionAge);
    return new GrpcSettings.Connections(
        grpcConnections,
        grpcHandshakeTimeout,
        grpcConnectionIdle,
        grpcConnectionAge,
        grpcConnectionGrace);
  }
}
