package dev.feedbackwebhooks.sender.judge;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A date of HTTP in any of its three forms (RFC 9110 section 5.6.7). */
final class HttpDate {
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  private static final String TIME = "(?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})";

  private static final List<Pattern> FORMS =
      List.of(
          // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
          Pattern.compile(
              "[A-Z][a-z]{2}, (?<day>[0-9]{1,2}) (?<month>[A-Z][a-z]{2}) (?<year>[0-9]{4}) "
                  + TIME
                  + " (GMT|UTC|[+-]0000)"),
          // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
          Pattern.compile(
              "[A-Z][a-z]+, (?<day>[0-9]{2})-(?<month>[A-Z][a-z]{2})-(?<year>[0-9]{2}) "
                  + TIME
                  + " GMT"),
          // asctime: Sun Nov  6 08:49:37 1994
          Pattern.compile(
              "[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ 0-9][0-9]) "
                  + TIME
                  + " (?<year>[0-9]{4})"));

  /** A year of two digits is not further ahead than this. */
  private static final int MOST_YEARS_AHEAD = 50;

  private HttpDate() {}

  /** Null where it is none. */
  static @Nullable Instant parse(String text, Instant now) {
    for (Pattern form : FORMS) {
      Matcher parts = form.matcher(text);
      if (parts.matches()) {
        return instant(parts, now);
      }
    }
    return null;
  }

  private static @Nullable Instant instant(Matcher parts, Instant now) {
    int month = MONTHS.indexOf(parts.group("month")) + 1;
    int day = Integer.parseInt(parts.group("day").strip());
    int year = year(parts.group("year"), now.atOffset(ZoneOffset.UTC).getYear());
    String[] time = parts.group("time").split(":", -1);
    try {
      // A leap second counts as the one before it.
      return LocalDateTime.of(
              year,
              Month.of(month),
              day,
              Integer.parseInt(time[0]),
              Integer.parseInt(time[1]),
              Math.min(59, Integer.parseInt(time[2])))
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException _) {
      return null;
    }
  }

  private static int year(String digits, int thisYear) {
    int year = Integer.parseInt(digits);
    if (digits.length() == 4) {
      return year;
    }
    int full = thisYear - thisYear % 100 + year;
    return full > thisYear + MOST_YEARS_AHEAD ? full - 100 : full;
  }
}
