package dev.feedbackwebhooks.grpc;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where and how the service listens.
 *
 * @param address port 0 takes a free one
 */
public record GrpcSettings(InetSocketAddress address, Optional<Tls> tls, AuthSettings auth) {
  /**
   * Certificates, PEM.
   *
   * @param clientCa whose certificates callers must show; empty: they need none
   */
  public record Tls(Path certificates, Path privateKey, Optional<Path> clientCa) {}
}
