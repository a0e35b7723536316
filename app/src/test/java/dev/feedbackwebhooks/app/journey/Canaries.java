package dev.feedbackwebhooks.app.journey;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Secrets that were planted, and where they came to light. Add a secret by {@link #plant}, and a
 * place by calling {@link #search} with what stands there.
 */
final class Canaries {
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Set<String> found = new ConcurrentSkipListSet<>();

  /** Text that must not show up; answers it. */
  String plant(String name, String text) {
    plant(name, text.getBytes(StandardCharsets.UTF_8));
    names.put(URLEncoder.encode(text, StandardCharsets.UTF_8), name + " URL-encoded");
    return text;
  }

  /** Bytes that must not show up, raw, in hexadecimal digits, or in Base64. */
  void plant(String name, byte[] bytes) {
    names.put(new String(bytes, StandardCharsets.ISO_8859_1), name);
    names.put(HexFormat.of().formatHex(bytes), name + " in hex");
    names.put(HexFormat.of().withUpperCase().formatHex(bytes), name + " in hex");
    for (int shift = 0; shift < 3; shift++) {
      names.put(within(Base64.getEncoder(), bytes, shift), name + " in Base64");
      names.put(within(Base64.getUrlEncoder(), bytes, shift), name + " in Base64url");
    }
  }

  /** The digits that these bytes alone decide where others stand before and after them. */
  private static String within(Base64.Encoder encoder, byte[] bytes, int shift) {
    byte[] moved = new byte[shift + bytes.length];
    System.arraycopy(bytes, 0, moved, shift, bytes.length);
    byte[] whole = Arrays.copyOf(moved, moved.length / 3 * 3);
    return encoder.encodeToString(whole).substring(shift == 0 ? 0 : 4);
  }

  /** Looks for each of them in what stands at a place. */
  void search(String place, byte[] content) {
    search(place, new String(content, StandardCharsets.ISO_8859_1));
  }

  void search(String place, String content) {
    names.forEach((form, name) -> {
      if (content.contains(form)) {
        found.add(name + " at " + place);
      }
    });
  }

  /** What leaked, and where: "the HMAC secret in Base64 at the log". */
  Set<String> found() {
    return new TreeSet<>(found);
  }
}
