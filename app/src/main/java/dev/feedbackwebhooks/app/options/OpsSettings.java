package dev.feedbackwebhooks.app.options;

import dev.feedbackwebhooks.app.ops.OpsListener;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where the operators' port listens.
 *
 * @param tls empty: in the clear
 */
public record OpsSettings(InetSocketAddress address, Optional<OpsListener.Tls> tls) {}
