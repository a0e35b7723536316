package dev.feedbackwebhooks.domain.egress;

import dev.feedbackwebhooks.domain.fault.Violations;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of an endpoint's host: a public name of at least two labels, or an IP literal in its
 * one canonical spelling. Other spellings ({@code 0x7f.1}, {@code 2130706433}) mean different
 * addresses to different resolvers, which is how guards are walked around.
 */
public final class HostRules {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /**
   * A last label that resolvers take for a part of an IPv4 address (WHATWG URL, "ends in a
   * number").
   */
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final EgressPolicy egress;
  private final Violations violations;
  private final String field;

  public HostRules(EgressPolicy egress, Violations violations, String field) {
    this.egress = egress;
    this.violations = violations;
    this.field = field;
  }

  /** The host in its stored form, or null where a violation was added. */
  public @Nullable String check(String given) {
    if (given.startsWith("[") && given.endsWith("]")) {
      return checkV6(given.substring(1, given.length() - 1));
    }
    String host = AsciiHost.of(given);
    if (host == null) {
      return refuse(
          AsciiHost.isAmbiguous(given)
              ? "has a host that two standards read as two names (IDNA2003, IDNA2008): give it in"
                  + " the form that begins with xn--"
              : "has a host that is no domain name (RFC 1123, IDNA), or has characters that stand for"
                  + " others or that its rules do not know: give it in ASCII, as a name that begins"
                  + " with xn-- if need be");
    }
    if (host.endsWith(".")) {
      return refuse("has a host that ends in a dot: leave the dot out");
    }
    String[] labels = host.split("\\.", -1);
    if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
      return checkV4(host);
    }
    return checkName(host, labels);
  }

  private @Nullable String checkName(String host, String[] labels) {
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        return refuse(
            "has a host that is no domain name (RFC 1123): its labels have letters, digits and"
                + " hyphens");
      }
    }
    String top = labels[labels.length - 1];
    if (top.equals("localhost")) {
      return egress.permits(LOOPBACK)
          ? host
          : refuse("names this machine: give a public host, or let the server reach 127.0.0.1");
    }
    if (labels.length == 1 || top.equals("local") || top.equals("internal")) {
      return refuse("has a host that only a private network knows: give a public name");
    }
    return host;
  }

  private @Nullable String checkV4(String host) {
    try {
      InetAddress address = InetAddress.ofLiteral(host);
      if (address.getHostAddress().equals(host)) {
        return checkAddress(address, host);
      }
    } catch (IllegalArgumentException _) {
      // Falls through: not an address in any spelling, though it looks like one.
    }
    return refuse("has an IP address that is not in its canonical form, such as 203.0.113.7");
  }

  private @Nullable String checkV6(String literal) {
    try {
      InetAddress address = InetAddress.ofLiteral(literal);
      String canonical = Ipv6Text.canonical(address);
      if (canonical != null && canonical.equals(AsciiHost.lower(literal))) {
        return checkAddress(address, canonical);
      }
    } catch (IllegalArgumentException _) {
      // Falls through.
    }
    return refuse("has an IPv6 address that is not in its canonical form (RFC 5952)");
  }

  private @Nullable String checkAddress(InetAddress address, String text) {
    return egress.permits(address)
        ? text
        : refuse("has an address that is not on the public internet");
  }

  private @Nullable String refuse(String description) {
    violations.add(field, description);
    return null;
  }
}
