package dev.feedbackwebhooks.sender.egress;

import java.net.InetAddress;

/**
 * The peer of a connection. Two attempts share a connection only if all of it is equal, so an
 * attempt never uses one that leads elsewhere than where the guard lets it go.
 *
 * @param address the one that the guard admitted
 * @param host what the certificate must name: a name, or an IP literal without brackets
 */
public record Destination(InetAddress address, int port, String host) {}
