package dev.feedbackwebhooks.domain.egress;

import java.net.InetAddress;

/**
 * A range of IP addresses in CIDR notation (RFC 4632), for example {@code 10.0.0.0/8}.
 *
 * @param first the address that the range is written with
 * @param prefix how many leading bits an address must share with it: 0–32 or 0–128
 */
public record AddressRange(InetAddress first, int prefix) {
  /**
   * Reads an address, or an address and a prefix.
   *
   * @throws IllegalArgumentException if it is neither; the message is fit for an operator
   */
  public static AddressRange parse(String cidr) {
    int slash = cidr.indexOf('/');
    String literal = slash < 0 ? cidr : cidr.substring(0, slash);
    try {
      InetAddress first = InetAddress.ofLiteral(literal);
      int bits = first.getAddress().length * Byte.SIZE;
      int prefix = slash < 0 ? bits : Integer.parseInt(cidr.substring(slash + 1));
      if (prefix < 0 || prefix > bits) {
        throw new IllegalArgumentException("prefix");
      }
      return new AddressRange(first, prefix);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + cidr + "' is no address range: write one like 10.0.0.0/8 or fd00::/8", e);
    }
  }

  /** Whether the address is in this range; never for an address of the other IP version. */
  public boolean contains(InetAddress address) {
    byte[] mine = first.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    int whole = prefix / Byte.SIZE;
    for (int i = 0; i < whole; i++) {
      if (mine[i] != other[i]) {
        return false;
      }
    }
    int rest = prefix % Byte.SIZE;
    int mask = 0xff << (Byte.SIZE - rest);
    return rest == 0 || (mine[whole] & mask) == (other[whole] & mask);
  }
}
