package dev.feedbackwebhooks.app.ops;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where the operators' port listens.
 *
 * @param tls empty: in the clear
 */
public record OpsSettings(InetSocketAddress address, Optional<OpsListener.Tls> tls) {}
