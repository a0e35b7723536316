package dev.feedbackwebhooks.domain.key;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.util.Arrays;

/**
 * Reads DER (X.690) element by element: definite lengths in their shortest form only. It goes no
 * deeper than its caller asks, and makes no number that is longer than its caller allows.
 */
final class DerReader {
  static final int SEQUENCE = 0x30;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_ID = 0x06;
  static final int NULL = 0x05;

  private static final int INTEGER = 0x02;
  private static final int LONG_FORM = 0x80;

  private final byte[] bytes;
  private int at;
  private final int end;

  DerReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private DerReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** Whether the next element has this tag. */
  boolean isNext(int tag) {
    return at < end && Byte.toUnsignedInt(bytes[at]) == tag;
  }

  /** A reader of the content of the next element. */
  DerReader within(int tag) throws InvalidKeyException {
    int length = header(tag);
    DerReader content = new DerReader(bytes, at, at + length);
    at += length;
    return content;
  }

  /** The bytes of the next element. */
  byte[] content(int tag) throws InvalidKeyException {
    DerReader content = within(tag);
    return Arrays.copyOfRange(bytes, content.at, content.end);
  }

  /** Passes over the next element, if it has this tag. */
  void skip(int tag) throws InvalidKeyException {
    if (isNext(tag)) {
      var _ = within(tag);
    }
  }

  /** The next element, a number that is not negative. */
  BigInteger integer(int mostBits) throws InvalidKeyException {
    byte[] number = content(INTEGER);
    boolean padded = number.length > 1 && number[0] == 0 && number[1] >= 0;
    if (number.length == 0 || padded || number[0] < 0) {
      throw malformed();
    }
    if (number.length > mostBits / Byte.SIZE + 1) {
      throw new InvalidKeyException("has a number of more than " + mostBits + " bits");
    }
    return new BigInteger(number);
  }

  void end() throws InvalidKeyException {
    if (at != end) {
      throw malformed();
    }
  }

  private int header(int tag) throws InvalidKeyException {
    if (!isNext(tag)) {
      throw malformed();
    }
    at++;
    int length = octet();
    if (length >= LONG_FORM) {
      length = longForm(length - LONG_FORM);
    }
    if (length > end - at) {
      throw malformed();
    }
    return length;
  }

  private int longForm(int octets) throws InvalidKeyException {
    if (octets < 1 || octets > 2) {
      throw malformed();
    }
    int length = 0;
    for (int i = 0; i < octets; i++) {
      length = length << Byte.SIZE | octet();
    }
    if (length < LONG_FORM || (octets == 2 && length >>> Byte.SIZE == 0)) {
      throw malformed();
    }
    return length;
  }

  private int octet() throws InvalidKeyException {
    if (at >= end) {
      throw malformed();
    }
    return Byte.toUnsignedInt(bytes[at++]);
  }

  private static InvalidKeyException malformed() {
    return new InvalidKeyException("is no PKCS#8 key in DER (RFC 5958)");
  }
}
