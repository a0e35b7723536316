package dev.feedbackwebhooks.grpc.query;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A place in a list, as its caller gets it to go on from there: bound to the list that it came
 * from, and opaque. It holds nothing that its caller has not seen, so it needs no signature.
 */
public final class ListToken {
  private static final int BINDING_BYTES = 6;

  private ListToken() {}

  /**
   * @param list what is listed: method, parent and filter
   */
  static String write(String list, String key) {
    byte[] text = key.getBytes(StandardCharsets.UTF_8);
    byte[] token = Arrays.copyOf(binding(list), BINDING_BYTES + text.length);
    System.arraycopy(text, 0, token, BINDING_BYTES, text.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /** The key; empty if that list gave out no such token. */
  public static Optional<String> read(String list, String token) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(token);
      if (bytes.length > BINDING_BYTES
          && Arrays.equals(binding(list), Arrays.copyOf(bytes, BINDING_BYTES))) {
        return Optional.of(
            new String(bytes, BINDING_BYTES, bytes.length - BINDING_BYTES, StandardCharsets.UTF_8));
      }
    } catch (IllegalArgumentException _) {
      // Falls through.
    }
    return Optional.empty();
  }

  private static byte[] binding(String list) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(list.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(digest, BINDING_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
