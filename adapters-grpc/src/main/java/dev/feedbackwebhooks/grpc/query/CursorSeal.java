package dev.feedbackwebhooks.grpc.query;

import dev.feedbackwebhooks.domain.key.Fingerprints;
import dev.feedbackwebhooks.domain.key.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what a caller keeps for us and must neither read nor make up: a cursor counts the
 * commits of the whole database, which would tell each customer how busy the others are. AES-GCM,
 * with the list's name as associated data. The key follows from the database's own, so that it is
 * the same on all nodes, after a restart, and after the secret key was exchanged.
 */
public final class CursorSeal {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  /** The number of 64-bit parts of the key. */
  private static final int KEY_PARTS = 4;

  private static final Secret PURPOSE = Secret.of("watch cursors");

  /** Lengths are rounded up to it: the number of digits says something, too. */
  private static final int BLOCK = 48;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  public CursorSeal(Fingerprints fingerprints) {
    String parts =
        IntStream.range(0, KEY_PARTS)
            .mapToObj(part -> fingerprints.of("cursor key " + part, PURPOSE))
            .collect(Collectors.joining(" "));
    this.key = new SecretKeySpec(digest(parts), "AES");
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public String seal(String list, String text) {
    byte[] plain = text.getBytes(StandardCharsets.US_ASCII);
    byte[] padded = Arrays.copyOf(plain, (plain.length / BLOCK + 1) * BLOCK);
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, list, nonce).doFinal(padded);
      ByteBuffer all = ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(all.array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM encrypts anything", e);
    }
  }

  /** The text; empty for what was not sealed here for that list. */
  public Optional<String> open(String list, String sealed) {
    try {
      byte[] all = Base64.getUrlDecoder().decode(sealed);
      byte[] nonce = Arrays.copyOf(all, NONCE_BYTES);
      byte[] padded =
          cipher(Cipher.DECRYPT_MODE, list, nonce)
              .doFinal(all, NONCE_BYTES, Math.max(0, all.length - NONCE_BYTES));
      return Optional.of(new String(padded, StandardCharsets.US_ASCII).replace("\0", ""));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, String list, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(list.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
