package dev.feedbackwebhooks.sender;

import dev.feedbackwebhooks.domain.config.HeaderParameter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes what an endpoint echoes of its configuration's secrets out of what is kept of its answer:
 * the values of sensitive headers and the token, as they were sent, in base64 or in hexadecimal
 * digits, each also within up to two layers of JSON, percent or HTML escapes. A secret that comes
 * back in another form, compressed for one, is not known again.
 */
final class SecretMask {
  private static final String MASK = "***";
  private static final String AUTHORIZATION = "authorization";
  private static final String SCHEME = "Bearer ";

  /** Chars that one char becomes: backslash, u and four digits. */
  private static final int MOST_ESCAPED = 6;

  private final List<String> values;

  private SecretMask(List<String> values) {
    this.values = values;
  }

  static SecretMask of(List<HeaderParameter> headers) {
    return new SecretMask(
        headers.stream()
            .filter(SecretMask::isSecret)
            .map(SecretMask::secret)
            .filter(value -> !value.isEmpty())
            .toList());
  }

  /** Whether a header's value is not to be shown: what authorizes is a secret, marked or not. */
  static boolean isSecret(HeaderParameter header) {
    return header.sensitive() || header.name().equalsIgnoreCase(AUTHORIZATION);
  }

  /** Of credentials what follows their scheme: RFC 9110 section 11.4. */
  private static String secret(HeaderParameter header) {
    String value = header.value().revealText().strip();
    return header.name().equalsIgnoreCase(AUTHORIZATION)
        ? value.substring(value.indexOf(' ') + 1).strip()
        : value;
  }

  /** Chars of the longest secret with each of its chars escaped. */
  int longest(@Nullable String authorization) {
    int longest = authorization == null ? 0 : authorization.length();
    for (String value : values) {
      longest = Math.max(longest, value.length());
    }
    return longest * MOST_ESCAPED;
  }

  String applyTo(String text, @Nullable String authorization) {
    return applyTo(text, authorization, text.length());
  }

  /**
   * @param most chars of {@code text} that are shown. With {@link #longest} chars more no secret is
   *     cut in two before it is known; what is left of them is not shown
   */
  String applyTo(String text, @Nullable String authorization, int most) {
    if (values.isEmpty() && authorization == null) {
      return text.substring(0, Math.min(most, text.length()));
    }
    BitSet secret = new BitSet();
    Unescaped plain = Unescaped.none(text);
    mark(plain, authorization, secret);
    for (Unescaped once : plain.further()) {
      mark(once, authorization, secret);
      once.further().forEach(twice -> mark(twice, authorization, secret));
    }
    return shown(text, secret, Math.min(most, text.length()));
  }

  private void mark(Unescaped view, @Nullable String authorization, BitSet secret) {
    String digits = view.text().replace('-', '+').replace('_', '/');
    String lower = view.text().toLowerCase(Locale.ROOT);
    for (String value : values) {
      mark(view, digits, lower, value, secret);
    }
    if (authorization != null) {
      mark(view, digits, lower, token(authorization), secret);
    }
  }

  private static void mark(
      Unescaped view, String digits, String lower, String value, BitSet secret) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    mark(view, view.text(), value, 0, 0, secret);
    if (bytes.length < 3) {
      return;
    }
    mark(view, lower, HexFormat.of().formatHex(bytes), 0, 0, secret);
    for (int shift = 0; shift < 3; shift++) {
      // The digits that the secret alone decides; those at its ends hold bits of its neighbours.
      byte[] moved = new byte[shift + bytes.length];
      System.arraycopy(bytes, 0, moved, shift, bytes.length);
      int before = shift == 0 ? 0 : shift + 1;
      int after = moved.length * 8 / 6;
      String core = Base64.getEncoder().encodeToString(moved).substring(before, after);
      mark(view, digits, core, Math.min(shift, 1), moved.length % 3 == 0 ? 0 : 1, secret);
    }
  }

  /** Every place, as one secret may begin within another. */
  private static void mark(
      Unescaped view, String text, String form, int before, int after, BitSet secret) {
    for (int at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
      int start = Math.max(0, at - before);
      int end = Math.min(text.length(), at + form.length() + after);
      secret.set(view.from(start), view.from(end));
    }
  }

  private static String shown(String text, BitSet secret, int most) {
    StringBuilder shown = new StringBuilder(most);
    int at = 0;
    while (at < most) {
      int next = secret.nextSetBit(at);
      int until = next < 0 ? most : Math.min(next, most);
      shown.append(text, at, until);
      if (until < most) {
        shown.append(MASK);
        until = secret.nextClearBit(until);
      }
      at = until;
    }
    return shown.toString();
  }

  private static String token(String authorization) {
    return authorization.startsWith(SCHEME)
        ? authorization.substring(SCHEME.length())
        : authorization;
  }
}
