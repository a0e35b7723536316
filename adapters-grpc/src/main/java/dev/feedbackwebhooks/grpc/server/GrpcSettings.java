package dev.feedbackwebhooks.grpc.server;

import dev.feedbackwebhooks.grpc.access.AuthSettings;
import dev.feedbackwebhooks.grpc.call.Connections;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of the gRPC listener.
 *
 * @param address port 0 takes a free one
 * @param reflection whether clients may read the API's schema
 */
public record GrpcSettings(
    InetSocketAddress address,
    Optional<Tls> tls,
    AuthSettings auth,
    Connections connections,
    boolean reflection) {
  /**
   * Certificates, PEM.
   *
   * @param clientCa whose certificates callers must show; empty: they need none
   */
  public record Tls(Path certificates, Path privateKey, Optional<Path> clientCa) {}

  /**
   * The limits of connections.
   *
   * @param most at the same time
   * @param handshake for TLS and the first bytes of HTTP/2
   * @param idle without a call
   * @param age after which no new call may begin
   * @param grace for the calls that run then
   */
  public record Connections(
      int most, Duration handshake, Duration idle, Duration age, Duration grace) {}
}
