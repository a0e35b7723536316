package dev.feedbackwebhooks.domain.testing;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.HexFormat;

/** Writes DER, also such as nobody should accept. */
final class Der {
  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return element(0x30, parts);
  }

  static byte[] octets(byte[]... parts) {
    return element(0x04, parts);
  }

  static byte[] id(String hex) {
    return element(0x06, HexFormat.of().parseHex(hex));
  }

  static byte[] nothing() {
    return element(0x05);
  }

  static byte[] number(long value) {
    return number(BigInteger.valueOf(value));
  }

  static byte[] number(BigInteger value) {
    return element(0x02, value.toByteArray());
  }

  static byte[] element(int tag, byte[]... parts) {
    byte[] content = joined(parts);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      byte[] length = BigInteger.valueOf(content.length).toByteArray();
      int from = length[0] == 0 ? 1 : 0;
      out.write(0x80 + length.length - from);
      out.write(length, from, length.length - from);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
