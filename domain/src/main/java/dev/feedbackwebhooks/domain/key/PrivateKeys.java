package dev.feedbackwebhooks.domain.key;

import dev.feedbackwebhooks.domain.key.JwtAlgorithm.Family;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Private keys out of PKCS#8 (RFC 5958), each number bounded and fitting to the others. Whoever
 * signs, publishes or saves a key reads it here, also one that was stored long ago: a key may have
 * been made to be slow.
 */
public final class PrivateKeys {
  /** A key in DER, with all that may stand beside it. */
  static final int MOST_BYTES = 12 * 1024;

  private static final byte[] RSA = HexFormat.of().parseHex("2a864886f70d010101");
  private static final byte[] EC = HexFormat.of().parseHex("2a8648ce3d0201");
  private static final byte[] P256 = HexFormat.of().parseHex("2a8648ce3d030107");
  private static final byte[] ED25519 = HexFormat.of().parseHex("2b6570");

  /** Tags of the optional parts: RFC 5958 section 2, RFC 5915 section 3. */
  private static final int ATTRIBUTES = 0xa0;

  private static final int PUBLIC_KEY = 0x81;
  private static final int EXPLICIT_0 = 0xa0;
  private static final int EXPLICIT_1 = 0xa1;
  private static final int P256_BYTES = 32;

  private PrivateKeys() {}

  /**
   * The key, which signs in bounded time.
   *
   * @throws InvalidKeyException if a rule is broken; the message says which, and tells nothing of
   *     the key
   */
  public static PrivateKey read(JwtKey key) throws InvalidKeyException {
    return read(key.algorithm(), key.key().material().reveal());
  }

  public static PrivateKey read(JwtAlgorithm algorithm, byte[] der) throws InvalidKeyException {
    if (der.length > MOST_BYTES) {
      throw new InvalidKeyException("has more than " + MOST_BYTES + " bytes");
    }
    DerReader whole = new DerReader(der);
    DerReader info = whole.within(DerReader.SEQUENCE);
    whole.end();
    if (info.integer(Byte.SIZE).compareTo(BigInteger.ONE) > 0) {
      throw new InvalidKeyException("is PKCS#8 of an unknown version");
    }
    DerReader type = info.within(DerReader.SEQUENCE);
    byte[] content = info.content(DerReader.OCTET_STRING);
    info.skip(ATTRIBUTES);
    byte[] stated = statedPublicKey(info);
    info.end();
    checkType(algorithm.family(), type, algorithm);
    try {
      return switch (algorithm.family()) {
        case RSA -> rsa(content);
        case EC_P256 -> p256(content);
        case ED25519 -> ed25519(content, stated);
        case HMAC -> throw new InvalidKeyException("is no key pair");
      };
    } catch (InvalidKeyException e) {
      throw e;
    } catch (GeneralSecurityException _) {
      throw new InvalidKeyException("is no private key that " + algorithm + " signs with");
    }
  }

  /** Empty where none is given. Some write the field with an explicit tag. */
  private static byte[] statedPublicKey(DerReader info) throws InvalidKeyException {
    return info.isNext(PUBLIC_KEY) || info.isNext(EXPLICIT_1)
        ? info.content(info.isNext(PUBLIC_KEY) ? PUBLIC_KEY : EXPLICIT_1)
        : new byte[0];
  }

  private static void checkType(Family family, DerReader type, JwtAlgorithm algorithm)
      throws InvalidKeyException {
    byte[] id = type.content(DerReader.OBJECT_ID);
    byte[] wanted =
        switch (family) {
          case RSA -> RSA;
          case EC_P256 -> EC;
          case ED25519 -> ED25519;
          case HMAC -> throw new InvalidKeyException("is no key pair");
        };
    if (!Arrays.equals(id, wanted)) {
      throw new InvalidKeyException("is no private key that " + algorithm + " signs with");
    }
    if (family == Family.EC_P256) {
      checkCurve(type);
    } else if (family == Family.RSA) {
      type.skip(DerReader.NULL);
    }
    type.end();
  }

  private static void checkCurve(DerReader parameters) throws InvalidKeyException {
    if (!parameters.isNext(DerReader.OBJECT_ID)) {
      throw new InvalidKeyException("spells its curve out: give a key that names it, P-256");
    }
    if (!Arrays.equals(parameters.content(DerReader.OBJECT_ID), P256)) {
      throw new InvalidKeyException("is on another curve than P-256, which ES256 signs on");
    }
  }

  private static PrivateKey rsa(byte[] content) throws GeneralSecurityException {
    DerReader reader = new DerReader(content);
    var numbers = RsaKeyParts.read(reader);
    reader.end();
    return KeyFactory.getInstance("RSA").generatePrivate(numbers);
  }

  private static PrivateKey p256(byte[] content) throws GeneralSecurityException {
    DerReader reader = new DerReader(content);
    DerReader key = reader.within(DerReader.SEQUENCE);
    reader.end();
    if (!key.integer(Byte.SIZE).equals(BigInteger.ONE)) {
      throw new InvalidKeyException("is an EC key of an unknown version");
    }
    byte[] scalar = key.content(DerReader.OCTET_STRING);
    if (key.isNext(EXPLICIT_0)) {
      DerReader curve = key.within(EXPLICIT_0);
      checkCurve(curve);
      curve.end();
    }
    key.skip(EXPLICIT_1);
    key.end();
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
    BigInteger s = new BigInteger(1, scalar);
    if (scalar.length > P256_BYTES || s.signum() == 0 || s.compareTo(curve.getOrder()) >= 0) {
      throw new InvalidKeyException("is an EC key whose number is not from 1 to the order less 1");
    }
    return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(s, curve));
  }

  private static PrivateKey ed25519(byte[] content, byte[] stated) throws GeneralSecurityException {
    DerReader reader = new DerReader(content);
    byte[] seed = reader.content(DerReader.OCTET_STRING);
    reader.end();
    if (seed.length != Ed25519Pair.BYTES) {
      throw new InvalidKeyException("is an Ed25519 key of another size than 32 bytes");
    }
    byte[] pair = Ed25519Pair.of(seed);
    int from = Math.max(0, stated.length - Ed25519Pair.BYTES);
    boolean fits = Arrays.equals(stated, from, stated.length, pair, Ed25519Pair.BYTES, pair.length);
    if (stated.length > 0 && !fits) {
      throw new InvalidKeyException("is an Ed25519 key beside a public key that is not its own");
    }
    return KeyFactory.getInstance("Ed25519")
        .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
  }
}
