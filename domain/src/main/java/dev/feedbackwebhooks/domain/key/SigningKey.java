package dev.feedbackwebhooks.domain.key;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A key that tokens are signed with.
 *
 * @param material the HMAC secret's bytes, or the private key as PKCS#8 DER (RFC 5958)
 */
public record SigningKey(Secret material) {
  /** First 16 hex digits of the SHA-256 of {@link #material}: tells keys apart, reveals neither. */
  public String fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(material.reveal());
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
