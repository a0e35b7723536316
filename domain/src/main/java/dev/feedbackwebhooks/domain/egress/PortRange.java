package dev.feedbackwebhooks.domain.egress;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ports as an operator lists them: {@code 443}, or {@code 1024-65535} with both ends.
 *
 * @param first 1–65535
 * @param last not below the first
 */
public record PortRange(int first, int last) {
  private static final int HIGHEST = 65_535;
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

  /**
   * @throws IllegalArgumentException if it is none; the message is fit for an operator
   */
  public static PortRange parse(String text) {
    Matcher parts = RANGE.matcher(text);
    int first = parts.matches() ? Integer.parseInt(parts.group(1)) : 0;
    int last = first == 0 || parts.group(2) == null ? first : Integer.parseInt(parts.group(2));
    if (first < 1 || last < first || last > HIGHEST) {
      throw new IllegalArgumentException(
          "'" + text + "' is no port: write one like 443, or a range like 1024-65535");
    }
    return new PortRange(first, last);
  }

  boolean contains(int port) {
    return port >= first && port <= last;
  }

  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
