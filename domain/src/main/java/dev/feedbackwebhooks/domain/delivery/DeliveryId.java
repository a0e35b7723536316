package dev.feedbackwebhooks.domain.delivery;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Names a delivery, here and as {@code webhook-id} at its receiver.
 *
 * @param value positive; grows with the time of intake
 */
public record DeliveryId(long value) implements Comparable<DeliveryId> {
  private static final int DIGITS = 13;

  /** Lower bits that count within a millisecond; those above are milliseconds since 1970. */
  private static final int COUNTER_BITS = 21;

  /** Thirteen base-32 digits, so that ids sort as text the way they sort as numbers. */
  public String text() {
    String digits = Long.toString(value, 32);
    return "0".repeat(DIGITS - digits.length()) + digits;
  }

  /** Reads {@link #text}; empty for anything else. */
  public static Optional<DeliveryId> parse(String text) {
    if (text.length() != DIGITS || !text.equals(text.toLowerCase(Locale.ROOT))) {
      return Optional.empty();
    }
    try {
      long value = Long.parseLong(text, 32);
      return value > 0 ? Optional.of(new DeliveryId(value)) : Optional.empty();
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /**
   * The first id that {@link DeliveryIds} gives at {@code time}; it may give larger ones earlier if
   * its clock was set back, never smaller ones later.
   */
  public static DeliveryId firstAt(Instant time) {
    return new DeliveryId(time.toEpochMilli() << COUNTER_BITS);
  }

  /** When it was given, to the millisecond; see {@link #firstAt} for a clock that was set back. */
  public Instant time() {
    return Instant.ofEpochMilli(value >> COUNTER_BITS);
  }

  @Override
  public int compareTo(DeliveryId other) {
    return Long.compare(value, other.value);
  }
}
