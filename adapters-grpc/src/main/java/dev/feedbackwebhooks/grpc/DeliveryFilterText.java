package dev.feedbackwebhooks.grpc;

import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the part of the filter language of AIP-160 that deliveries are listed by: comparisons
 * joined by AND.
 */
final class DeliveryFilterText {
  private static final int MOST = 4_000;
  private static final Pattern COMPARISON =
      Pattern.compile(
          "\\s*([a-z_]+)\\s*(<=|>=|=|<|>)\\s*(\"(?:[^\"\\\\]++|\\\\.)*+\"|[^\\s\"]++)\\s*");

  private static final Pattern AND = Pattern.compile("AND(?=\\s)");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");
  private static final String FORM =
      "give comparisons like state = EXHAUSTED AND create_time >= \"2026-11-24T09:00:00Z\"; the"
          + " fields are state, channel, campaign, request_id and create_time";

  private final Map<String, String> equal = new HashMap<>();
  private @Nullable Instant from;
  private @Nullable Instant before;

  private DeliveryFilterText() {}

  /**
   * @throws Fault.InvalidFields for what it does not understand
   */
  static DeliveryFilter read(String filter) {
    if (filter.length() > MOST) {
      throw refusal("has more than " + MOST + " characters");
    }
    DeliveryFilterText text = new DeliveryFilterText();
    if (!filter.isBlank()) {
      text.readAll(filter);
    }
    return text.result();
  }

  private void readAll(String filter) {
    Matcher comparison = COMPARISON.matcher(filter);
    Matcher and = AND.matcher(filter);
    int at = 0;
    while (true) {
      if (!comparison.region(at, filter.length()).lookingAt()) {
        throw refusal("cannot be read from character " + (at + 1) + " on: " + FORM);
      }
      add(comparison.group(1), comparison.group(2), unquoted(comparison.group(3)));
      at = comparison.end();
      if (at == filter.length()) {
        return;
      }
      if (!and.region(at, filter.length()).lookingAt()) {
        throw refusal("lacks AND at character " + (at + 1) + ": " + FORM);
      }
      at = and.end();
    }
  }

  private void add(String field, String operator, String value) {
    switch (field) {
      case "state", "channel", "campaign", "request_id" -> {
        if (!operator.equals("=")) {
          throw refusal("compares " + field + " by " + operator + ": it takes = only");
        }
        if (equal.put(field, value) != null) {
          throw refusal("names " + field + " twice");
        }
      }
      case "create_time" -> addTime(operator, value);
      default -> throw refusal("names '" + field + "', which is no field: " + FORM);
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

  private DeliveryFilter result() {
    return new DeliveryFilter(
        constant(DeliveryState.class, "state", "DELIVERY_STATE_"),
        constant(Channel.class, "channel", "CHANNEL_"),
        equal.get("campaign"),
        equal.get("request_id"),
        from,
        before);
  }

  private <E extends Enum<E>> @Nullable E constant(Class<E> type, String field, String prefix) {
    String text = equal.get(field);
    if (text == null) {
      return null;
    }
    String name = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            refusal(
                "has an unknown "
                    + field
                    + ": give one of "
                    + Arrays.toString(type.getEnumConstants())));
  }

  private static String unquoted(String value) {
    return value.startsWith("\"")
        ? ESCAPED.matcher(value.substring(1, value.length() - 1)).replaceAll("$1")
        : value;
  }

  private static Fault.InvalidFields refusal(String description) {
    return Fault.InvalidFields.of(Reason.INVALID_FILTER, "filter", description);
  }
}
