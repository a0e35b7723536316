package dev.feedbackwebhooks.sender;

import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what an endpoint echoes of its configuration's secrets out of what is kept of its answer:
 * the values of sensitive headers and the token, as they were sent. A secret that comes back in
 * another form, base64 for one, is not known again.
 */
final class SecretMask {
  private static final String MASK = "***";
  private static final String SCHEME = "Bearer ";

  private final List<String> values;

  private SecretMask(List<String> values) {
    this.values = values;
  }

  static SecretMask of(WebhookConfig config) {
    return new SecretMask(
        config.headers().stream()
            .filter(HeaderParameter::sensitive)
            .map(header -> header.value().revealText().strip())
            .filter(value -> !value.isEmpty())
            .toList());
  }

  /** What is longer than the longest secret cannot be the beginning of one only. */
  int longest(@Nullable String authorization) {
    int longest = authorization == null ? 0 : authorization.length();
    for (String value : values) {
      longest = Math.max(longest, value.length());
    }
    return longest;
  }

  String applyTo(String text, @Nullable String authorization) {
    String masked = text;
    for (String value : values) {
      masked = without(masked, value);
    }
    return authorization == null ? masked : without(masked, token(authorization));
  }

  /** Almost always nothing is found, and nothing is made. */
  private static String without(String text, String secret) {
    return text.contains(secret) ? text.replace(secret, MASK) : text;
  }

  private static String token(String authorization) {
    return authorization.startsWith(SCHEME)
        ? authorization.substring(SCHEME.length())
        : authorization;
  }
}
