package dev.feedbackwebhooks.app.options;

import dev.feedbackwebhooks.domain.key.Secret;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of exported traces.
 *
 * @param endpoint of a collector that takes OTLP by HTTP and protobuf
 * @param sample of events that come without a trace, the part that gets one: 0–1
 * @param headers that the collector wants
 * @param version of this program
 */
public record OtlpSettings(URI endpoint, double sample, List<Header> headers, String version) {
  /** Copies the headers. */
  public OtlpSettings {
    headers = List.copyOf(headers);
  }

  /** A header of each request to the collector. */
  public record Header(String name, Secret value) {
    /** A token of RFC 9110 section 5.6.2, and visible text. */
    private static final Pattern HEADER =
        Pattern.compile("\\s*(?<name>[a-zA-Z0-9!#$%&'*+.^_`|~-]+)\\s*=\\s*(?<value>[ -~]*?)\\s*");

    private static final Set<String> OURS =
        Set.of("connection", "content-length", "expect", "host", "upgrade", "transfer-encoding");

    /**
     * Reads {@code NAME=VALUE}.
     *
     * @throws IllegalArgumentException if it is none; the message repeats nothing of the text,
     *     which may hold a token
     */
    public static Header parse(String text) {
      Matcher header = HEADER.matcher(text);
      if (!header.matches()) {
        throw new IllegalArgumentException(
            "is no header: write one like x-api-key=VALUE, the value in visible ASCII");
      }
      if (OURS.contains(header.group("name").toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException("is a header that the connection itself needs");
      }
      return new Header(header.group("name"), Secret.of(header.group("value")));
    }
  }
}
