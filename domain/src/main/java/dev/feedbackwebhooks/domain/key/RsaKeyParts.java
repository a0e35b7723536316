package dev.feedbackwebhooks.domain.key;

import static java.math.BigInteger.ONE;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.spec.RSAPrivateCrtKeySpec;

/**
 * The numbers of an RSA private key (RFC 8017 appendix A.1.2). The sizes are checked before
 * anything is calculated: the JDK calculates with whatever numbers a key has, for hours if they are
 * long.
 */
final class RsaKeyParts {
  static final int LEAST_BITS = 2_048;

  /** A signature by a longer one takes tens of milliseconds of the processor that all share. */
  static final int MOST_BITS = 4_096;

  /** Longer ones make it slow to verify, and many receivers take none. */
  private static final int MOST_EXPONENT_BITS = 64;

  /** By how much a prime may be shorter than half of the modulus. */
  private static final int MOST_UNBALANCED_BITS = 32;

  private static final BigInteger THREE = BigInteger.valueOf(3);

  private final BigInteger modulus;
  private final BigInteger publicExponent;
  private final BigInteger privateExponent;
  private final BigInteger p;
  private final BigInteger q;
  private final BigInteger exponentP;
  private final BigInteger exponentQ;
  private final BigInteger coefficient;

  private RsaKeyParts(DerReader key) throws InvalidKeyException {
    modulus = key.integer(16 * MOST_BITS);
    publicExponent = key.integer(MOST_BITS);
    privateExponent = key.integer(MOST_BITS);
    p = key.integer(MOST_BITS);
    q = key.integer(MOST_BITS);
    exponentP = key.integer(MOST_BITS);
    exponentQ = key.integer(MOST_BITS);
    coefficient = key.integer(MOST_BITS);
  }

  /** Reads and checks a key. */
  static RSAPrivateCrtKeySpec read(DerReader content) throws InvalidKeyException {
    DerReader key = content.within(DerReader.SEQUENCE);
    if (key.integer(Byte.SIZE).signum() != 0) {
      throw new InvalidKeyException("is an RSA key of more than two primes");
    }
    RsaKeyParts parts = new RsaKeyParts(key);
    key.end();
    parts.checkSizes();
    parts.checkConsistency();
    return parts.spec();
  }

  private void checkSizes() throws InvalidKeyException {
    int bits = modulus.bitLength();
    require(
        bits >= LEAST_BITS && bits <= MOST_BITS,
        "is an RSA key of " + bits + " bits: give one of " + LEAST_BITS + " to " + MOST_BITS);
    require(
        publicExponent.signum() != 0,
        "is an RSA key without its public exponent, so that nobody could verify what it signs:"
            + " export it whole, for example with openssl pkcs8 -topk8 -nocrypt");
    require(
        publicExponent.testBit(0)
            && publicExponent.compareTo(THREE) >= 0
            && publicExponent.bitLength() <= MOST_EXPONENT_BITS,
        "is an RSA key whose public exponent is even, less than 3 or longer than "
            + MOST_EXPONENT_BITS
            + " bits: 65537 is usual");
    int least = bits / 2 - MOST_UNBALANCED_BITS;
    require(
        p.testBit(0)
            && q.testBit(0)
            && !p.equals(q)
            && Math.min(p.bitLength(), q.bitLength()) >= least
            && p.bitLength() + q.bitLength() <= bits + 1,
        "is an RSA key whose primes are even, equal, or of another size than its modulus has");
    require(
        privateExponent.compareTo(modulus) < 0
            && exponentP.compareTo(p) < 0
            && exponentQ.compareTo(q) < 0
            && coefficient.compareTo(p) < 0,
        "is an RSA key with a number that is larger than its modulus or primes allow");
  }

  private void checkConsistency() throws InvalidKeyException {
    BigInteger ofP = p.subtract(ONE);
    BigInteger ofQ = q.subtract(ONE);
    require(
        p.multiply(q).equals(modulus)
            && privateExponent.mod(ofP).equals(exponentP)
            && privateExponent.mod(ofQ).equals(exponentQ)
            && publicExponent.multiply(exponentP).mod(ofP).equals(ONE)
            && publicExponent.multiply(exponentQ).mod(ofQ).equals(ONE)
            && coefficient.multiply(q).mod(p).equals(ONE),
        "is an RSA key whose numbers do not fit together");
  }

  private RSAPrivateCrtKeySpec spec() {
    return new RSAPrivateCrtKeySpec(
        modulus, publicExponent, privateExponent, p, q, exponentP, exponentQ, coefficient);
  }

  private static void require(boolean kept, String rule) throws InvalidKeyException {
    if (!kept) {
      throw new InvalidKeyException(rule);
    }
  }
}
