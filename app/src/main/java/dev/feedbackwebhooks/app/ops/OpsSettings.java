package dev.feedbackwebhooks.app.ops;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The settings of the operators' port.
 *
 * @param tls empty: in the clear
 */
public record OpsSettings(InetSocketAddress address, Optional<OpsListener.Tls> tls) {}
