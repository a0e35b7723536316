package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.egress.EgressLists;
import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.domain.egress.HostRules;
import dev.feedbackwebhooks.domain.fault.Violations;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of an endpoint's URL (RFC 3986): https, a public host in its canonical spelling, no
 * user info, no fragment. Whether the host's addresses are public is judged again, and for good, at
 * each connection.
 */
public final class EndpointUrlRules {
  static final int MAX_LENGTH = 2_048;

  private static final int HTTPS_PORT = 443;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final String BEFORE_TARGET = "https://host";

  /** Scheme, authority, and the rest: read by hand, because lenient parsers read too much. */
  private static final Pattern HTTPS =
      Pattern.compile("(?i:https)://([^/?#]*)([^#]*)(#.*)?", Pattern.DOTALL);

  private static final Pattern AUTHORITY = Pattern.compile("(\\[[^]]*]|[^:]*)(?::(.*))?");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  private final HostRules hosts;
  private final EgressLists lists;
  private final Violations violations;
  private final String field;

  EndpointUrlRules(EgressPolicy egress, Violations violations, String field) {
    this.hosts = new HostRules(egress, violations, field);
    this.lists = egress.lists();
    this.violations = violations;
    this.field = field;
  }

  /** The URL, or null where a violation was added. */
  @Nullable EndpointUrl check(String url) {
    if (!violations.length(field, url, 1, MAX_LENGTH)) {
      return null;
    }
    if (url.codePoints().anyMatch(EndpointUrlRules::neverInUrl)) {
      return refuse("may hold no white space, control character or backslash: encode them");
    }
    Matcher parts = HTTPS.matcher(url);
    if (!parts.matches()) {
      return refuse("must begin with https:// and name a host");
    }
    if (parts.group(3) != null) {
      return refuse("may have no fragment ('#…'): it is never sent");
    }
    return checkAuthority(parts.group(1), parts.group(2));
  }

  private @Nullable EndpointUrl checkAuthority(String authority, String pathAndQuery) {
    if (authority.contains("@")) {
      return refuse("may hold no user name or password: use authentication or header_parameters");
    }
    Matcher parts = AUTHORITY.matcher(authority);
    if (!parts.matches() || parts.group(1).isEmpty()) {
      return refuse("must name a host after https://");
    }
    int port = parts.group(2) == null ? HTTPS_PORT : port(parts.group(2));
    if (port < 1 || port > 65_535) {
      return refuse("has an illegal port: give 1 to 65535");
    }
    String host = hosts.check(parts.group(1));
    String target = target(pathAndQuery);
    if (host == null || target == null) {
      return null;
    }
    String listed = lists.refusal(host, port);
    if (listed != null) {
      return refuse("has " + listed);
    }
    EndpointUrl url = url(host, port, target);
    return url.text().length() <= MAX_LENGTH
        ? url
        : refuse("has " + url.text().length() + " characters once it is encoded: at most 2048");
  }

  private static EndpointUrl url(String host, int port, String target) {
    String bracketed = host.contains(":") ? "[" + host + "]" : host;
    String authority = port == HTTPS_PORT ? bracketed : bracketed + ":" + port;
    return new EndpointUrl("https://" + authority + target, host, port, target);
  }

  private static int port(String digits) {
    return PORT.matcher(digits).matches() ? Integer.parseInt(digits) : -1;
  }

  /** Path and query as ASCII, non-ASCII characters percent-encoded as UTF-8. */
  private @Nullable String target(String pathAndQuery) {
    String target = pathAndQuery.startsWith("/") ? pathAndQuery : "/" + pathAndQuery;
    try {
      // Behind a host: by itself, a path that begins with // would be read as one. Encoded here,
      // because URI composes what was given decomposed, which is another resource.
      return encoded(new URI(BEFORE_TARGET + target).toString().substring(BEFORE_TARGET.length()));
    } catch (URISyntaxException _) {
      refuse("has a path or query with a character that must be percent-encoded");
      return null;
    }
  }

  private static String encoded(String target) {
    StringBuilder ascii = new StringBuilder();
    for (byte each : target.getBytes(StandardCharsets.UTF_8)) {
      if (each >= 0) {
        ascii.append((char) each);
      } else {
        ascii.append('%').append(HEX.toHexDigits(each));
      }
    }
    return ascii.toString();
  }

  private @Nullable EndpointUrl refuse(String description) {
    violations.add(field, description);
    return null;
  }

  private static boolean neverInUrl(int c) {
    return c == '\\'
        || Character.isISOControl(c)
        || Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.SURROGATE;
  }
}
