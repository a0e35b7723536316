package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** A day in UTC, and so a range of delivery ids, which has a partition of its own. */
record Day(LocalDate date) implements Comparable<Day> {
  private static final DateTimeFormatter NAME = DateTimeFormatter.BASIC_ISO_DATE;

  static Day of(Instant time) {
    return new Day(LocalDate.ofInstant(time, ZoneOffset.UTC));
  }

  /** The day of a partition; empty for one that is no day's. */
  static Optional<Day> ofPartition(String partition) {
    try {
      return Optional.of(
          new Day(LocalDate.parse(partition.substring(partition.lastIndexOf('_') + 1), NAME)));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  Day plus(long days) {
    return new Day(date.plusDays(days));
  }

  /** What its partition of a table is called. */
  String partition(String table) {
    return table + "_" + NAME.format(date);
  }

  Instant start() {
    return date.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** The start of the next one. */
  Instant end() {
    return plus(1).start();
  }

  /** No id of this day is smaller. */
  long first() {
    return DeliveryId.firstAt(start()).value();
  }

  /** No id of this day is as large as this. */
  long afterLast() {
    return DeliveryId.firstAt(end()).value();
  }

  @Override
  public int compareTo(Day other) {
    return date.compareTo(other.date);
  }
}
