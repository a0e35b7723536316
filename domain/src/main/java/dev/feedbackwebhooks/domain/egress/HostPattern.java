package dev.feedbackwebhooks.domain.egress;

import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hosts as an operator lists them: {@code hooks.acme.org} is that host alone, {@code *.acme.org}
 * are all below it, at any depth, and not {@code acme.org} itself. An IP address is that address.
 *
 * @param host in the form in which {@link dev.feedbackwebhooks.domain.config.EndpointUrl} holds
 *     hosts; without {@code *.}
 * @param below whether those below it are meant
 */
public record HostPattern(String host, boolean below) {
  private static final String BELOW = "*.";
  private static final Pattern NAME =
      Pattern.compile("(?!.*\\.([0-9]+|0x[0-9a-f]*)$)" + "[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?");

  /**
   * Reads one; case, a dot at the end and the script of the name do not matter.
   *
   * @throws IllegalArgumentException if it is none; the message is fit for an operator
   */
  public static HostPattern parse(String text) {
    boolean below = text.startsWith(BELOW);
    String written = below ? text.substring(BELOW.length()) : text;
    String host = below ? name(written) : nameOrAddress(written);
    if (host == null) {
      throw new IllegalArgumentException(
          "'" + text + "' is no host: write one like hooks.acme.org or *.example.com");
    }
    return new HostPattern(host, below);
  }

  /**
   * @param other as {@link dev.feedbackwebhooks.domain.config.EndpointUrl} holds it
   */
  boolean matches(String other) {
    return below
        ? other.length() > host.length() + 1
            && other.endsWith(host)
            && other.charAt(other.length() - host.length() - 1) == '.'
        : other.equals(host);
  }

  private static @Nullable String nameOrAddress(String written) {
    String literal =
        written.startsWith("[") && written.endsWith("]")
            ? written.substring(1, written.length() - 1)
            : written;
    try {
      InetAddress address = InetAddress.ofLiteral(literal);
      String v6 = Ipv6Text.canonical(address);
      return v6 != null ? v6 : address.getHostAddress();
    } catch (IllegalArgumentException _) {
      return name(written);
    }
  }

  private static @Nullable String name(String written) {
    String host = AsciiHost.of(written);
    String whole = host != null && host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return whole == null || whole.contains("..") || !NAME.matcher(whole).matches() ? null : whole;
  }
}
