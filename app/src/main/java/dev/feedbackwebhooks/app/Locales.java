package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.app.options.SettingSources;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Text that the JVM reads by the process's locale: arguments, variables, names of files. In one
 * that is not UTF-8 it makes other characters of them; our launchers set one that is.
 */
final class Locales {
  private Locales() {}

  /** Advice about arguments or settings that were not read as they were written, if any. */
  static Optional<String> unreadable(String[] args, Map<String, String> environment) {
    Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    if (charset.equals(StandardCharsets.UTF_8)) {
      return Optional.empty();
    }
    Stream<String> settings =
        environment.entrySet().stream()
            .filter(variable -> variable.getKey().startsWith(SettingSources.PREFIX))
            .map(Map.Entry::getValue);
    return Stream.concat(Arrays.stream(args), settings)
        .filter(text -> text.chars().anyMatch(c -> c > 127))
        .findFirst()
        .map(_ ->
            "an argument or a variable has characters that cannot be read in this locale ("
                + charset
                + "): set LC_ALL=C.UTF-8");
  }
}
