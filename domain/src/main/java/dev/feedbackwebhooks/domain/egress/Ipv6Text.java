package dev.feedbackwebhooks.domain.egress;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The one canonical spelling of an IPv6 address: RFC 5952 section 4. */
final class Ipv6Text {
  private Ipv6Text() {}

  /** Null for an address that is not IPv6, which includes mapped IPv4 and scoped ones. */
  static @Nullable String canonical(InetAddress address) {
    if (!(address instanceof Inet6Address v6) || v6.getScopeId() != 0) {
      return null;
    }
    String[] groups = v6.getHostAddress().split(":", -1);
    int start = 0;
    int length = 0;
    for (int i = 0; i < groups.length; i++) {
      int run = zeros(groups, i);
      if (run > length) {
        start = i;
        length = run;
      }
    }
    // A single zero group is not shortened (section 4.2.2).
    return length < 2 ? String.join(":", groups) : shortened(groups, start, length);
  }

  private static String shortened(String[] groups, int start, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < start; i++) {
      text.append(groups[i]).append(i == start - 1 ? "" : ":");
    }
    text.append("::");
    for (int i = start + length; i < groups.length; i++) {
      text.append(groups[i]).append(i == groups.length - 1 ? "" : ":");
    }
    return text.toString();
  }

  private static int zeros(String[] groups, int from) {
    int end = from;
    while (end < groups.length && groups[end].equals("0")) {
      end++;
    }
    return end - from;
  }
}
