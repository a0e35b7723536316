package dev.feedbackwebhooks.domain.key;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/** Finds the public key of an Ed25519 seed (RFC 8032 section 5.1.5). */
public final class Ed25519Pair {
  /** The length of the seed, and of the public key. */
  public static final int BYTES = 32;

  private static final int SIGN_OF_X = 0x80;

  private Ed25519Pair() {}

  /**
   * Seed and public key.
   *
   * @param key begins with the seed
   * @return nothing where there is no seed
   */
  public static byte[] of(byte[] key) {
    if (key.length < BYTES) {
      return new byte[0];
    }
    byte[] seed = Arrays.copyOf(key, BYTES);
    byte[] pair = Arrays.copyOf(seed, 2 * BYTES);
    System.arraycopy(publicKey(seed), 0, pair, BYTES, BYTES);
    return pair;
  }

  /** The JDK makes a public key only along with a private one, of random bytes: these. */
  private static byte[] publicKey(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
      return encoded(((EdECPublicKey) generator.generateKeyPair().getPublic()).getPoint());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has Ed25519", e);
    }
  }

  /** RFC 8032 section 5.1.2: y, the low byte first, and the sign of x in its highest bit. */
  private static byte[] encoded(EdECPoint point) {
    byte[] big = point.getY().toByteArray();
    byte[] little = new byte[BYTES];
    for (int i = 0; i < Math.min(big.length, BYTES); i++) {
      little[i] = big[big.length - 1 - i];
    }
    if (point.isXOdd()) {
      little[BYTES - 1] |= (byte) SIGN_OF_X;
    }
    return little;
  }

  /** Gives the bytes that it was given. */
  private static final class Fixed extends SecureRandom {
    private static final long serialVersionUID = 1;
    private final transient byte[] bytes;

    Fixed(byte[] bytes) {
      super(null, null);
      this.bytes = bytes;
    }

    @Override
    public void nextBytes(byte[] filled) {
      System.arraycopy(bytes, 0, filled, 0, filled.length);
    }
  }
}
