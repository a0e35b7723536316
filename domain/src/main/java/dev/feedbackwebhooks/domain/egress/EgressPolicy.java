package dev.feedbackwebhooks.domain.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses and hosts that a POST may go to: the public internet, and what the operator lets
 * through.
 *
 * <p>Not public is what IANA's special-purpose registries (RFC 6890) say is not globally reachable,
 * what they give to services that are no one's endpoint, what carries an IPv4 address in a tunnel
 * that we cannot see into, and the well-known addresses of cloud metadata services.
 *
 * @param allowed ranges that are let through besides the public internet
 * @param lists what the operator says of hosts and ports, whatever their addresses
 */
public record EgressPolicy(List<AddressRange> allowed, EgressLists lists) {
  private static final List<AddressRange> NOT_PUBLIC_V4 =
      ranges(
          "0.0.0.0/8", // this network
          "10.0.0.0/8", // private, RFC 1918
          "100.64.0.0/10", // carrier-grade NAT, RFC 6598
          "127.0.0.0/8", // loopback
          "168.63.129.16/32", // a cloud's wire server, though the range is public
          "169.254.0.0/16", // link-local, metadata services
          "172.16.0.0/12", // private
          "192.0.0.0/24", // IETF protocol assignments
          "192.0.2.0/24", // documentation
          "192.31.196.0/24", // AS112: anycast, and the nearest one is often the network's own
          "192.52.193.0/24", // AMT relays: anycast, likewise
          "192.88.99.0/24", // 6to4 relays
          "192.168.0.0/16", // private
          "192.175.48.0/24", // AS112
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, broadcast

  private static final List<AddressRange> NOT_PUBLIC_V6 =
      ranges(
          "2001::/23", // IETF protocol assignments, Teredo (2001::/32) among them
          "2001:db8::/32", // documentation
          "2002::/16", // 6to4
          "2620:4f:8000::/48", // AS112
          "3fff::/20"); // documentation

  /** Everything outside of it is local, reserved, multicast or mapped. */
  private static final AddressRange GLOBAL_V6 = AddressRange.parse("2000::/3");

  /** Carries an IPv4 address in its last four bytes: RFC 6052. */
  private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");

  public EgressPolicy {
    allowed = List.copyOf(allowed);
  }

  /** Any host, any port. */
  public EgressPolicy(List<AddressRange> allowed) {
    this(allowed, EgressLists.NONE);
  }

  /** Whether a POST may go there. */
  public boolean permits(InetAddress address) {
    return in(allowed, address) || isPublic(address);
  }

  private static boolean isPublic(InetAddress address) {
    if (address.getAddress().length == 4) {
      return !in(NOT_PUBLIC_V4, address);
    }
    if (NAT64.contains(address)) {
      return isPublic(lastFourBytes(address));
    }
    return GLOBAL_V6.contains(address) && !in(NOT_PUBLIC_V6, address) && !isIsatap(address);
  }

  /** A tunnel to the IPv4 address in its last four bytes, in any network: RFC 5214 section 6.1. */
  private static boolean isIsatap(InetAddress address) {
    byte[] bytes = address.getAddress();
    // The second bit of the interface's id only says whether the IPv4 address is unique.
    return (bytes[8] & ~0x02) == 0
        && bytes[9] == 0
        && bytes[10] == 0x5e
        && bytes[11] == (byte) 0xfe;
  }

  private static InetAddress lastFourBytes(InetAddress address) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), 12, 16));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static boolean in(List<AddressRange> ranges, InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  private static List<AddressRange> ranges(String... cidrs) {
    return Stream.of(cidrs).map(AddressRange::parse).toList();
  }
}
