package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.sender.egress.ProxySettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the HTTP client.
 *
 * @param connectTimeout for the connection, and again for its TLS handshake
 * @param attemptTimeout for the whole exchange: name, connection, request, answer and its body
 * @param egressCa PEM file of CAs to trust besides the system's
 * @param nameServers to ask for endpoints' addresses; the system's where there are none
 * @param proxy that all connections go through
 * @param totalInFlight requests in flight together, which is the most sockets that are open
 */
public record SenderSettings(
    Duration connectTimeout,
    Duration attemptTimeout,
    String userAgent,
    Optional<Path> egressCa,
    EgressPolicy egress,
    List<InetSocketAddress> nameServers,
    Optional<ProxySettings> proxy,
    int totalInFlight) {}
