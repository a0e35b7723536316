package dev.feedbackwebhooks.domain.testing;

import static java.math.BigInteger.ONE;
import static java.math.BigInteger.TWO;
import static java.math.BigInteger.ZERO;

import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.key.SigningKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Private keys in PKCS#8 that were made to do harm: to be slow, to sign what nobody can verify, or
 * to lead a parser astray.
 */
public final class HostileKeys {
  private static final String RSA = "2a864886f70d010101";
  private static final String EC = "2a8648ce3d0201";
  private static final String P256 = "2a8648ce3d030107";
  private static final String ED25519 = "2b6570";
  private static final RSAPrivateCrtKey GOOD = rsa(2_048);
  private static final BigInteger HUGE = ONE.shiftLeft(200_000).subtract(ONE);

  private HostileKeys() {}

  /** All of them, by what is wrong with them. */
  public static Map<String, JwtKey> all() {
    Map<String, JwtKey> keys = new LinkedHashMap<>();
    rsaSizes().forEach((name, der) -> keys.put("RSA: " + name, key(JwtAlgorithm.RS256, der)));
    rsaNumbers().forEach((name, der) -> keys.put("RSA: " + name, key(JwtAlgorithm.PS256, der)));
    encodings().forEach((name, der) -> keys.put("DER: " + name, key(JwtAlgorithm.RS256, der)));
    ec().forEach((name, der) -> keys.put("EC: " + name, key(JwtAlgorithm.ES256, der)));
    ed25519().forEach((name, der) -> keys.put("Ed25519: " + name, key(JwtAlgorithm.EDDSA, der)));
    return keys;
  }

  /** One that is short enough to be sent, and takes hours to sign. */
  public static JwtKey longPrimes() {
    BigInteger p = ONE.shiftLeft(40_000).subtract(ONE);
    return key(JwtAlgorithm.RS256, rsa(with(with(good(), 4, p), 5, p.subtract(TWO))));
  }

  /** One whose numbers fit together, but one of its primes is none. */
  public static JwtKey compositePrime() {
    Random random = new Random(1);
    BigInteger e = BigInteger.valueOf(65_537);
    while (true) {
      BigInteger p = new BigInteger(512, 50, random).multiply(new BigInteger(512, 50, random));
      BigInteger q = new BigInteger(1_024, 50, random);
      BigInteger both = p.subtract(ONE).multiply(q.subtract(ONE));
      if (p.multiply(q).bitLength() >= 2_048 && both.gcd(e).equals(ONE)) {
        return key(JwtAlgorithm.RS256, rsa(crt(p.multiply(q), e, e.modInverse(both), p, q)));
      }
    }
  }

  /** As a customer gives it. */
  public static String pem(byte[] der) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der)
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static Map<String, byte[]> rsaSizes() {
    Map<String, byte[]> keys = new LinkedHashMap<>();
    keys.put("primes of 200,000 bits", rsa(with(with(good(), 4, HUGE), 5, HUGE)));
    keys.put("modulus of 200,000 bits", rsa(with(good(), 1, HUGE)));
    keys.put("exponents of 200,000 bits", rsa(with(with(good(), 6, HUGE), 7, HUGE)));
    keys.put("d of 200,000 bits", rsa(with(good(), 3, HUGE)));
    keys.put("coefficient of 200,000 bits", rsa(with(good(), 8, HUGE)));
    keys.put("e of 200,000 bits", rsa(with(good(), 2, HUGE)));
    keys.put("primes of 4,096 bits", rsa(with(good(), 4, ONE.shiftLeft(4_095).add(ONE))));
    keys.put("coefficient that p divides", rsa(with(good(), 8, good()[8].add(good()[4]))));
    keys.put("exponent beyond its prime", rsa(with(good(), 6, good()[6].add(good()[4]))));
    keys.put("e as long as the modulus", rsa(longExponent()));
    keys.put("1,024 bits", rsa(1_024).getEncoded());
    return keys;
  }

  private static Map<String, byte[]> rsaNumbers() {
    Map<String, byte[]> keys = new LinkedHashMap<>();
    BigInteger n = GOOD.getModulus();
    keys.put("more than two primes", rsa(with(good(), 0, ONE)));
    keys.put("p is 1", rsa(with(with(good(), 4, ONE), 5, n)));
    keys.put("q is 1", rsa(with(with(good(), 4, n), 5, ONE)));
    keys.put("p is 0", rsa(with(good(), 4, ZERO)));
    keys.put("p is q", rsa(with(good(), 5, good()[4])));
    keys.put("p is 3", rsa(crt(n, good()[2], good()[3], BigInteger.valueOf(3), n.divide(TWO))));
    keys.put("modulus is even", rsa(with(good(), 1, n.add(ONE))));
    keys.put("modulus is another", rsa(with(good(), 1, n.add(TWO))));
    keys.put("p is even", rsa(with(good(), 4, good()[4].add(ONE))));
    keys.put("d is 0", rsa(with(good(), 3, ZERO)));
    keys.put("d is 1", rsa(with(good(), 3, ONE)));
    keys.put("d is another", rsa(with(good(), 3, good()[3].add(TWO))));
    keys.put("d is negative", rsa(with(good(), 3, good()[3].negate())));
    keys.put("dP is 0", rsa(with(good(), 6, ZERO)));
    keys.put("dQ is another", rsa(with(good(), 7, good()[7].subtract(TWO))));
    keys.put("qInv is 0", rsa(with(good(), 8, ZERO)));
    keys.put("qInv is another", rsa(with(good(), 8, good()[8].subtract(ONE))));
    keys.put("e is 0", rsa(with(good(), 2, ZERO)));
    keys.put("e is 1", rsa(with(with(good(), 2, ONE), 3, ONE)));
    keys.put("e is even", rsa(with(good(), 2, BigInteger.valueOf(65_536))));
    keys.put("e is another", rsa(with(good(), 2, BigInteger.valueOf(65_539))));
    keys.put("of PSS only", pkcs8(Der.sequence(Der.id("2a864886f70d01010a")), inner(good())));
    return keys;
  }

  private static Map<String, byte[]> encodings() {
    Map<String, byte[]> keys = new LinkedHashMap<>();
    byte[] good = rsa(good());
    byte[] type = Der.sequence(Der.id(RSA), Der.nothing());
    byte[] content = Arrays.copyOfRange(good, 4, good.length);
    keys.put("empty", new byte[0]);
    keys.put("cut off", Arrays.copyOf(good, good.length - 1));
    keys.put("something behind it", Der.joined(good, new byte[1]));
    keys.put("something behind the numbers", pkcs8(type, Der.joined(inner(good()), new byte[2])));
    keys.put("a number more", pkcs8(type, Der.sequence(numbers(good()), Der.number(1))));
    keys.put("indefinite length", Der.joined(bytes("3080"), content, bytes("0000")));
    keys.put("length of 4 GiB", Der.joined(bytes("3084ffffffff"), content));
    keys.put("length of 2^63", Der.joined(bytes("3088ffffffffffffffff"), content));
    keys.put(
        "length in more bytes",
        Der.joined(bytes("308300"), Arrays.copyOfRange(good, 2, 4), content));
    keys.put("nested 4,000 times", bytes("3080".repeat(4_000)));
    keys.put("nested in lengths", nested(200));
    keys.put("of version 2", Der.sequence(Der.number(2), type, Der.octets(inner(good()))));
    keys.put("20 KB of attributes", withAttributes(type, 20_000));
    keys.put("no key", "hello".getBytes(StandardCharsets.US_ASCII));
    return keys;
  }

  private static byte[] withAttributes(byte[] type, int size) {
    return Der.sequence(
        Der.number(0), type, Der.octets(inner(good())), Der.element(0xa0, new byte[size]));
  }

  private static byte[] nested(int times) {
    byte[] nested = new byte[0];
    for (int i = 0; i < times; i++) {
      nested = Der.sequence(nested);
    }
    return nested;
  }

  private static Map<String, byte[]> ec() {
    Map<String, byte[]> keys = new LinkedHashMap<>();
    String order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    keys.put("number is 0", ec(new byte[32]));
    keys.put("number is the order", ec(bytes(order)));
    keys.put("number is beyond the order", ec(bytes("ff".repeat(32))));
    keys.put("number of 33 bytes", ec(bytes("01" + "00".repeat(32))));
    keys.put("number of 8,000 bytes", ec(bytes("7f".repeat(8_000))));
    keys.put("no number", ec(new byte[0]));
    byte[] one = bytes("00".repeat(31) + "07");
    byte[] content = Der.sequence(Der.number(1), Der.octets(one));
    keys.put("curve spelled out", pkcs8(Der.sequence(Der.id(EC), explicitCurve()), content));
    keys.put("no curve", pkcs8(Der.sequence(Der.id(EC)), content));
    keys.put("another curve", pkcs8(Der.sequence(Der.id(EC), Der.id("2b8104000a")), content));
    byte[] inside = Der.element(0xa0, Der.id("2b81040022"));
    keys.put(
        "another curve inside",
        pkcs8(
            Der.sequence(Der.id(EC), Der.id(P256)),
            Der.sequence(Der.number(1), Der.octets(one), inside)));
    keys.put("P-384", generated());
    return keys;
  }

  /** Prime, coefficients, generator, order: of a curve where everything is easy. */
  private static byte[] explicitCurve() {
    byte[] point = Der.octets(bytes("04" + "01".repeat(64)));
    return Der.sequence(
        Der.number(1),
        Der.sequence(Der.id("2a8648ce3d0101"), Der.number(HUGE)),
        Der.sequence(Der.octets(new byte[32]), Der.octets(new byte[32])),
        point,
        Der.number(3));
  }

  private static Map<String, byte[]> ed25519() {
    Map<String, byte[]> keys = new LinkedHashMap<>();
    byte[] type = Der.sequence(Der.id(ED25519));
    keys.put("31 bytes", pkcs8(type, Der.octets(new byte[31])));
    keys.put("33 bytes", pkcs8(type, Der.octets(new byte[33])));
    keys.put("8,000 bytes", pkcs8(type, Der.octets(new byte[8_000])));
    keys.put("not within a string", pkcs8(type, new byte[32]));
    keys.put("X25519", pkcs8(Der.sequence(Der.id("2b656e")), Der.octets(new byte[32])));
    keys.put("Ed448", pkcs8(Der.sequence(Der.id("2b6571")), Der.octets(new byte[57])));
    keys.put(
        "parameters",
        pkcs8(Der.sequence(Der.id(ED25519), Der.nothing()), Der.octets(new byte[32])));
    keys.put(
        "another's public key",
        Der.sequence(
            Der.number(1),
            type,
            Der.octets(Der.octets(new byte[32])),
            Der.element(0x81, new byte[33])));
    return keys;
  }

  private static JwtKey key(JwtAlgorithm algorithm, byte[] der) {
    return new JwtKey(algorithm, new SigningKey(Secret.of(der)), null);
  }

  /** Version, n, e, d, p, q, dP, dQ, qInv. */
  private static BigInteger[] good() {
    return new BigInteger[] {
      ZERO,
      GOOD.getModulus(),
      GOOD.getPublicExponent(),
      GOOD.getPrivateExponent(),
      GOOD.getPrimeP(),
      GOOD.getPrimeQ(),
      GOOD.getPrimeExponentP(),
      GOOD.getPrimeExponentQ(),
      GOOD.getCrtCoefficient()
    };
  }

  private static BigInteger[] with(BigInteger[] numbers, int which, BigInteger other) {
    BigInteger[] changed = numbers.clone();
    changed[which] = other;
    return changed;
  }

  private static BigInteger[] longExponent() {
    BigInteger p = GOOD.getPrimeP();
    BigInteger q = GOOD.getPrimeQ();
    BigInteger both = p.subtract(ONE).multiply(q.subtract(ONE));
    BigInteger e = GOOD.getModulus().shiftRight(1).setBit(0);
    while (!e.gcd(both).equals(ONE)) {
      e = e.add(TWO);
    }
    return crt(GOOD.getModulus(), e, e.modInverse(both), p, q);
  }

  private static BigInteger[] crt(
      BigInteger n, BigInteger e, BigInteger d, BigInteger p, BigInteger q) {
    BigInteger inverse = q.gcd(p).equals(ONE) ? q.modInverse(p) : ONE;
    return new BigInteger[] {
      ZERO, n, e, d, p, q, d.mod(p.subtract(ONE)), d.mod(q.subtract(ONE)), inverse
    };
  }

  private static byte[] rsa(BigInteger[] numbers) {
    return pkcs8(Der.sequence(Der.id(RSA), Der.nothing()), inner(numbers));
  }

  private static byte[] inner(BigInteger[] numbers) {
    return Der.sequence(numbers(numbers));
  }

  private static byte[] numbers(BigInteger[] numbers) {
    return Der.joined(Arrays.stream(numbers).map(Der::number).toArray(byte[][]::new));
  }

  private static byte[] ec(byte[] number) {
    return pkcs8(
        Der.sequence(Der.id(EC), Der.id(P256)), Der.sequence(Der.number(1), Der.octets(number)));
  }

  private static byte[] pkcs8(byte[] type, byte[] content) {
    return Der.sequence(Der.number(0), type, Der.octets(content));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static RSAPrivateCrtKey rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
      return (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] generated() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp384r1"));
      return generator.generateKeyPair().getPrivate().getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
