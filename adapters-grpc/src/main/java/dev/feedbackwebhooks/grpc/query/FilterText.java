package dev.feedbackwebhooks.grpc.query;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A filter in the part of the language of AIP-160 that lists understand: comparisons joined by AND.
 * {@code create_time} is compared by its order, the other fields for equality.
 */
public final class FilterText {
  private static final int MOST = 4_000;
  private static final Pattern COMPARISON =
      Pattern.compile(
          "\\s*([a-z_]+)\\s*(<=|>=|=|<|>)\\s*(\"(?:[^\"\\\\]++|\\\\.)*+\"|[^\\s\"]++)\\s*");

  private static final Pattern AND = Pattern.compile("AND(?=\\s)");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");
  private final Set<String> fields;
  private final String form;
  private final Map<String, String> equal = new HashMap<>();
  private @Nullable Instant from;
  private @Nullable Instant before;

  private FilterText(Set<String> fields, String form) {
    this.fields = fields;
    this.form = form;
  }

  /**
   * @param fields what may be compared besides create_time
   * @param form an example and the fields, for who gets it wrong
   * @throws Fault.InvalidFields for what it does not understand
   */
  public static FilterText read(String filter, Set<String> fields, String form) {
    if (filter.length() > MOST) {
      throw refusal("has more than " + MOST + " characters");
    }
    FilterText text = new FilterText(fields, form);
    if (!filter.isBlank()) {
      text.readAll(filter);
    }
    return text;
  }

  /** The value that the field must have; null for any. */
  public @Nullable String equal(String field) {
    return equal.get(field);
  }

  /** Least create_time. */
  public @Nullable Instant from() {
    return from;
  }

  /** Bound of create_time, which it does not reach. */
  public @Nullable Instant before() {
    return before;
  }

  private void readAll(String filter) {
    Matcher comparison = COMPARISON.matcher(filter);
    Matcher and = AND.matcher(filter);
    int at = 0;
    while (true) {
      if (!comparison.region(at, filter.length()).lookingAt()) {
        throw refusal("cannot be read from character " + (at + 1) + " on: " + form);
      }
      add(comparison.group(1), comparison.group(2), unquoted(comparison.group(3)));
      at = comparison.end();
      if (at == filter.length()) {
        return;
      }
      if (!and.region(at, filter.length()).lookingAt()) {
        throw refusal("lacks AND at character " + (at + 1) + ": " + form);
      }
      at = and.end();
    }
  }

  private void add(String field, String operator, String value) {
    if (field.equals("create_time")) {
      addTime(operator, value);
      return;
    }
    if (!fields.contains(field)) {
      throw refusal("names '" + field + "', which is no field: " + form);
    }
    if (!operator.equals("=")) {
      throw refusal("compares " + field + " by " + operator + ": it takes = only");
    }
    if (equal.put(field, value) != null) {
      throw refusal("names " + field + " twice");
    }
  }

  /** Times are kept in milliseconds, so every bound becomes a whole one. */
  private void addTime(String operator, String value) {
    Instant time = time(value);
    Instant floor = time.truncatedTo(ChronoUnit.MILLIS);
    Instant ceiling = floor.equals(time) ? floor : floor.plusMillis(1);
    switch (operator) {
      case ">" -> from = later(from, floor.plusMillis(1));
      case ">=" -> from = later(from, ceiling);
      case "<" -> before = earlier(before, ceiling);
      case "<=" -> before = earlier(before, floor.plusMillis(1));
      default -> throw refusal("compares create_time by " + operator + ": it takes <, <=, >, >=");
    }
  }

  private static Instant later(@Nullable Instant bound, Instant other) {
    return bound == null || other.isAfter(bound) ? other : bound;
  }

  private static Instant earlier(@Nullable Instant bound, Instant other) {
    return bound == null || other.isBefore(bound) ? other : bound;
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException _) {
      throw refusal("has a create_time that is no RFC 3339 time, such as 2026-11-24T09:00:00Z");
    }
  }

  private static String unquoted(String value) {
    return value.startsWith("\"")
        ? ESCAPED.matcher(value.substring(1, value.length() - 1)).replaceAll("$1")
        : value;
  }

  public static Fault.InvalidFields refusal(String description) {
    return Fault.InvalidFields.of(Reason.INVALID_FILTER, "filter", description);
  }
}
