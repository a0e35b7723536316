package dev.feedbackwebhooks.sender.egress;

import dev.feedbackwebhooks.domain.key.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * The HTTP proxy that connections go through (CONNECT, RFC 9110 section 9.3.6). It is the
 * operator's choice, so its own address is not held against the egress policy.
 *
 * @param host a name or an IP literal without brackets
 * @param port 1–65535
 * @param credentials user and password with a colon between
 */
public record ProxySettings(String host, int port, Optional<Secret> credentials) {
  /**
   * Reads {@code http://[user:password@]host:port}, what is reserved in user and password being
   * percent-encoded.
   *
   * @throws IllegalArgumentException if it is none; the message is fit for an operator, and repeats
   *     nothing of the text, which may hold a password
   */
  public static ProxySettings parse(String text) {
    try {
      URI uri = new URI(text);
      String host = uri.getHost();
      boolean whole = uri.getRawQuery() == null && uri.getRawFragment() == null;
      boolean bare = uri.getRawPath() == null || uri.getRawPath().matches("/?");
      if (!"http".equalsIgnoreCase(uri.getScheme()) || host == null || !whole || !bare) {
        throw malformed();
      }
      if (uri.getPort() < 1 || uri.getPort() > 65_535) {
        throw malformed();
      }
      String user = uri.getUserInfo();
      return new ProxySettings(
          host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
          uri.getPort(),
          Optional.ofNullable(user).map(both -> Secret.of(both.contains(":") ? both : both + ":")));
    } catch (URISyntaxException _) {
      // Not as the cause: it repeats the text.
      throw malformed();
    }
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "is no proxy: write one like http://proxy.example.com:3128, or with"
            + " http://user:password@ in front, reserved characters percent-encoded");
  }
}
