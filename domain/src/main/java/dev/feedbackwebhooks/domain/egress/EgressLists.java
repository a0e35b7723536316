package dev.feedbackwebhooks.domain.egress;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts and ports a POST may go to by their names and numbers, whatever addresses they have.
 *
 * @param allowedHosts if there are any, no other host
 * @param deniedHosts never, though they be allowed
 * @param ports if there are any, no other port
 */
public record EgressLists(
    List<HostPattern> allowedHosts, List<HostPattern> deniedHosts, List<PortRange> ports) {
  /** Every host and every port. */
  public static final EgressLists NONE = new EgressLists(List.of(), List.of(), List.of());

  public EgressLists {
    allowedHosts = List.copyOf(allowedHosts);
    deniedHosts = List.copyOf(deniedHosts);
    ports = List.copyOf(ports);
  }

  /**
   * The refusal of a host and port, to follow on "has": the rule and the way out; null where
   * nothing does. Names no host of the lists: those may be other customers'.
   *
   * @param host as {@link dev.feedbackwebhooks.domain.config.EndpointUrl} holds it
   */
  public @Nullable String refusal(String host, int port) {
    if (in(deniedHosts, host)) {
      return "a host that this server may not send to (--egress-deny-hosts): give another one";
    }
    if (!allowedHosts.isEmpty() && !in(allowedHosts, host)) {
      return "a host that is not among those that this server may send to: have its operator add"
          + " it to --egress-allow-hosts";
    }
    if (!ports.isEmpty() && ports.stream().noneMatch(range -> range.contains(port))) {
      return "a port that this server may not send to (--egress-ports): give one of "
          + ports.stream().map(PortRange::toString).collect(Collectors.joining(", "));
    }
    return null;
  }

  private static boolean in(List<HostPattern> patterns, String host) {
    for (HostPattern pattern : patterns) {
      if (pattern.matches(host)) {
        return true;
      }
    }
    return false;
  }
}
