package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.config.ConfigDraft.HeaderDraft;
import dev.feedbackwebhooks.domain.egress.AsciiHost;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.key.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of an extra header (RFC 9110 section 5): none that steers the connection or the
 * message's framing, none that is ours.
 */
final class HeaderRules {
  static final int MAX_HEADERS = 32;
  static final int MAX_VALUE_BYTES = 4 * 1024;
  static final int MAX_TOGETHER_BYTES = 16 * 1024;

  private static final int MAX_NAME = 256;
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "te",
          "upgrade",
          "http2-settings",
          "trailer",
          "expect",
          "user-agent");

  private final Violations violations;
  private final String field;

  HeaderRules(Violations violations, String field) {
    this.violations = violations;
    this.field = field;
  }

  List<HeaderParameter> check(
      List<HeaderDraft> drafts, boolean withJwt, List<HeaderParameter> stored) {
    violations.require(
        drafts.size() <= MAX_HEADERS, field, "has more than " + MAX_HEADERS + " headers");
    List<HeaderParameter> headers = new ArrayList<>(drafts.size());
    Set<String> names = new HashSet<>();
    int bytes = 0;
    for (int i = 0; i < drafts.size(); i++) {
      HeaderDraft draft = drafts.get(i);
      String at = field + "[" + i + "]";
      checkName(draft.name(), at + ".name", withJwt);
      violations.require(
          names.add(AsciiHost.lower(draft.name())),
          at + ".name",
          "is given twice (header names know no case): give each once");
      Secret value = value(draft, stored, at + ".value");
      bytes += draft.name().length() + value.size();
      headers.add(new HeaderParameter(draft.name(), value, draft.sensitive()));
    }
    violations.require(
        bytes <= MAX_TOGETHER_BYTES,
        field,
        "has more than " + MAX_TOGETHER_BYTES + " bytes of names and values together");
    return headers;
  }

  private void checkName(String name, String at, boolean withJwt) {
    if (!violations.length(at, name, 1, MAX_NAME)) {
      return;
    }
    String lower = AsciiHost.lower(name);
    if (!TOKEN.matcher(name).matches()) {
      violations.add(at, "is no header name: use letters, digits and hyphens (RFC 9110 token)");
    } else if (RESERVED.contains(lower)
        || lower.startsWith("content-")
        || lower.startsWith("proxy-")
        || lower.startsWith("webhook-")) {
      violations.add(at, "is a header that this service sets or forbids: choose another name");
    } else if (withJwt && lower.equals("authorization")) {
      violations.add(at, "is set by the JWT authentication: leave out one of the two");
    }
  }

  private Secret value(HeaderDraft draft, List<HeaderParameter> stored, String at) {
    if (draft.sensitive() && draft.value().isEmpty()) {
      Optional<Secret> kept = kept(draft.name(), stored);
      violations.require(
          kept.isPresent(), at, "is required: no value of this name is stored that could be kept");
      return kept.orElse(Secret.of(""));
    }
    violations.require(
        draft.value().getBytes(StandardCharsets.UTF_8).length <= MAX_VALUE_BYTES,
        at,
        "is longer than " + MAX_VALUE_BYTES + " bytes");
    violations.require(
        draft.value().chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f)),
        at,
        "may hold visible ASCII, spaces and tabs only: no line break or other control character");
    violations.require(
        draft.value().equals(draft.value().strip()), at, "may not begin or end with white space");
    return Secret.of(draft.value());
  }

  private static Optional<Secret> kept(String name, List<HeaderParameter> stored) {
    return stored.stream()
        .filter(header -> header.sensitive() && header.name().equalsIgnoreCase(name))
        .map(HeaderParameter::value)
        .findFirst();
  }

  /** The stored headers of a configuration, none for a new one. */
  static List<HeaderParameter> of(@Nullable WebhookConfig stored) {
    return stored == null ? List.of() : stored.headers();
  }
}
