package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.domain.config.Secret;
import java.net.URI;
import java.util.List;

/**
 * Where traces go, and which.
 *
 * @param endpoint of a collector that takes OTLP by HTTP and protobuf
 * @param sample of events that come without a trace, the part that gets one: 0–1
 * @param headers that the collector wants
 * @param version of this program
 */
record OtlpSettings(URI endpoint, double sample, List<Header> headers, String version) {
  OtlpSettings {
    headers = List.copyOf(headers);
  }

  /** A header of each request to the collector. */
  record Header(String name, Secret value) {
    /**
     * Reads {@code NAME=VALUE}.
     *
     * @throws IllegalArgumentException if it is none; the message repeats nothing of the text,
     *     which may hold a token
     */
    static Header parse(String text) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("is no header: write one like x-api-key=VALUE");
      }
      return new Header(
          text.substring(0, equals).strip(), Secret.of(text.substring(equals + 1).strip()));
    }
  }
}
