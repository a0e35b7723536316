package dev.feedbackwebhooks.domain.egress;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every range of IANA's special-purpose registries, and what else is no endpoint: the table beside
 * this test says of each what is done with it, and why.
 */
class EgressPolicyTest {
  private static final String TABLE = "special-purpose-addresses.csv";
  private static final EgressPolicy PUBLIC = new EgressPolicy(List.of());

  @ParameterizedTest
  @CsvFileSource(resources = TABLE, numLinesToSkip = 1)
  void aRangeIsRefusedFromItsFirstAddressToItsLast(
      String range, String name, String rfc, String reachable, String ours) {
    Block block = Block.of(range);
    for (BigInteger one : List.of(block.first(), block.middle(), block.last())) {
      boolean permitted = ours.equals("looked into") && PUBLIC.permits(Block.lastFourBytes(one));
      assertThat(PUBLIC.permits(block.address(one)))
          .as("%s of %s", block.address(one), range)
          .isEqualTo(permitted);
    }
  }

  @ParameterizedTest
  @CsvFileSource(resources = TABLE, numLinesToSkip = 1)
  void whatLiesBesideARangeIsLetThroughWhereItIsPublic(
      String range, String n, String r, String g, String o, String before, String after) {
    Block block = Block.of(range);
    neighbour(block, block.first().subtract(BigInteger.ONE), before);
    neighbour(block, block.last().add(BigInteger.ONE), after);
  }

  private static void neighbour(Block block, BigInteger number, String expected) {
    if (!expected.equals("-")) {
      assertThat(PUBLIC.permits(block.address(number)))
          .as("%s", block.address(number))
          .isEqualTo(expected.equals("public"));
    }
  }

  @ParameterizedTest
  @CsvFileSource(resources = TABLE, numLinesToSkip = 1)
  void anAddressThatIsLookedIntoCountsLikeTheOneInIt(String range) {
    Block block = Block.of(range);
    if (block.length() == 4) {
      for (BigInteger one : List.of(block.first(), block.last(), block.first().flipBit(31))) {
        InetAddress plain = block.address(one);
        for (String form : List.of("64:ff9b::", "::ffff:")) {
          InetAddress embedded = InetAddress.ofLiteral(form + plain.getHostAddress());
          assertThat(PUBLIC.permits(embedded))
              .as("%s%s", form, plain)
              .isEqualTo(PUBLIC.permits(plain));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2606:4700::1111",
        "2a00:1450:4001:830::200e",
        "2001:4860:4860::8888",
        "8.8.8.8",
        "1.1.1.1",
        "64:ff9b::808:808",
        "2400:cb00::5efd:a00:1",
        "2400:cb00::100:5efe:a00:1"
      })
  void thePublicInternetIsLetThrough(String address) {
    assertThat(PUBLIC.permits(InetAddress.ofLiteral(address))).isTrue();
  }

  @Test
  void theTableHoldsWhatIanaHasRegistered() {
    // The registries as of 2025-10: their entries, and not one less.
    Stream.of(
            "0.0.0.0/8 0.0.0.0/32 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16",
            "172.16.0.0/12 192.0.0.0/24 192.0.0.0/29 192.0.0.8/32 192.0.0.9/32 192.0.0.10/32",
            "192.0.0.170/32 192.0.0.171/32 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24",
            "192.88.99.0/24 192.88.99.2/32 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15",
            "198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 255.255.255.255/32",
            "::1/128 ::/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64",
            "2001::/23 2001::/32 2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:2::/48",
            "2001:3::/32 2001:4:112::/48 2001:10::/28 2001:20::/28 2001:30::/28 2001:db8::/32",
            "2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10")
        .flatMap(line -> Stream.of(line.split(" ", -1)))
        .forEach(range -> assertThat(table()).contains("\n" + range + ","));
  }

  private static String table() {
    try (InputStream in = EgressPolicyTest.class.getResourceAsStream(TABLE)) {
      return new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A range as numbers.
   *
   * @param length of its addresses in bytes
   */
  private record Block(BigInteger first, BigInteger last, int length) {
    private static final BigInteger MAPPED = new BigInteger("ffff00000000", 16);

    static Block of(String cidr) {
      String[] parts = cidr.split("/", 2);
      byte[] bytes = bytes(parts[0]);
      BigInteger first = new BigInteger(1, bytes);
      int free = bytes.length * Byte.SIZE - Integer.parseInt(parts[1]);
      return new Block(
          first, first.add(BigInteger.TWO.pow(free)).subtract(BigInteger.ONE), bytes.length);
    }

    /** All 16 of a mapped address too, which Java's parser makes an IPv4 address of. */
    private static byte[] bytes(String literal) {
      byte[] bytes = InetAddress.ofLiteral(literal).getAddress();
      boolean mapped = literal.contains(":") && bytes.length == 4;
      return mapped ? padded(MAPPED.add(new BigInteger(1, bytes)).toByteArray(), 16) : bytes;
    }

    BigInteger middle() {
      return first.add(last).shiftRight(1);
    }

    InetAddress address(BigInteger number) {
      return parsed(padded(number.toByteArray(), length));
    }

    static InetAddress lastFourBytes(BigInteger number) {
      return parsed(padded(number.toByteArray(), 4));
    }

    /** The last bytes, with zeros in front where there are too few. */
    private static byte[] padded(byte[] number, int length) {
      byte[] bytes = new byte[length];
      int kept = Math.min(length, number.length);
      System.arraycopy(number, number.length - kept, bytes, length - kept, kept);
      return bytes;
    }

    private static InetAddress parsed(byte[] bytes) {
      try {
        return InetAddress.getByAddress(bytes);
      } catch (UnknownHostException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
