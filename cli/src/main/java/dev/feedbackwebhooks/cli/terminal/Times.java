package dev.feedbackwebhooks.cli.terminal;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import java.util.Locale;

/** Times for people. */
public final class Times {
  private Times() {}

  /** Empty where it is not set. */
  public static String text(Timestamp time) {
    return time.equals(Timestamp.getDefaultInstance()) ? "" : Timestamps.toString(time);
  }

  public static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.1f ms", Durations.toMicros(duration) / 1_000.0);
  }

  /** An enum's constant without its prefix. */
  public static String word(Enum<?> constant, String prefix) {
    return constant.name().replaceFirst("^" + prefix, "").toLowerCase(Locale.ROOT);
  }
}
