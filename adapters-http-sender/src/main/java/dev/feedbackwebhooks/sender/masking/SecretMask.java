package dev.feedbackwebhooks.sender.masking;

import dev.feedbackwebhooks.domain.config.HeaderParameter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what an endpoint echoes of its configuration's secrets out of what is kept of its answer:
 * the values of sensitive headers and the token, in the forms that {@link EchoedSecrets} knows.
 */
public final class SecretMask {
  private static final String MASK = "***";
  private static final String AUTHORIZATION = "authorization";
  private static final String SCHEME = "Bearer ";

  /** The characters that one character takes in the longest usual form: HTML's, with zeros. */
  private static final int MOST_PER_CHARACTER = 8;

  private final List<String> values;

  private SecretMask(List<String> values) {
    this.values = values;
  }

  public static SecretMask of(List<HeaderParameter> headers) {
    return new SecretMask(
        headers.stream()
            .filter(SecretMask::isSecret)
            .map(SecretMask::secret)
            .filter(value -> !value.isEmpty())
            .toList());
  }

  /** Whether a header's value is not to be shown: what authorizes is a secret, marked or not. */
  public static boolean isSecret(HeaderParameter header) {
    return header.sensitive() || header.name().equalsIgnoreCase(AUTHORIZATION);
  }

  /** The secret of a header: of credentials the part after the scheme (RFC 9110 section 11.4). */
  private static String secret(HeaderParameter header) {
    String value = header.value().revealText().strip();
    return header.name().equalsIgnoreCase(AUTHORIZATION)
        ? value.substring(value.indexOf(' ') + 1).strip()
        : value;
  }

  /** The length of the longest form of a secret. */
  int longest(@Nullable String authorization) {
    int longest = authorization == null ? 0 : authorization.length();
    for (String value : values) {
      longest = Math.max(longest, value.length());
    }
    return MOST_PER_CHARACTER * longest;
  }

  String applyTo(String text, @Nullable String authorization) {
    return applyTo(text, authorization, text.length());
  }

  /**
   * @param most chars of {@code text} that are shown. With {@link #longest} chars more no secret is
   *     cut in two before it is known; what is left of them is not shown
   */
  String applyTo(String text, @Nullable String authorization, int most) {
    List<String> all = authorization == null ? values : with(token(authorization));
    BitSet secret = EchoedSecrets.in(text, all);
    int shown = Math.min(most, text.length());
    return secret.isEmpty() ? text.substring(0, shown) : shown(text, secret, shown);
  }

  private List<String> with(String token) {
    List<String> all = new ArrayList<>(values);
    all.add(token);
    return all;
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
