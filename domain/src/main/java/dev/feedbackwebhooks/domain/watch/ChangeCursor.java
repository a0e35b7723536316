package dev.feedbackwebhooks.domain.watch;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far the changes of deliveries were told.
 *
 * @param commit number of the commit that they stood in
 * @param time of that commit, to the millisecond: tells it from one that has its number in another
 *     database, as in one that was restored
 * @param last the last one that was told of that commit; null for all of it
 */
public record ChangeCursor(long commit, Instant time, @Nullable DeliveryId last) {
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,18})\\.(\\d{1,18})\\.([0-9a-v]{13})?");

  /** At the end of a commit. */
  public static ChangeCursor after(long commit, Instant time) {
    return new ChangeCursor(commit, time, null);
  }

  /** Read again by {@link #parse}. */
  public String text() {
    return commit + "." + time.toEpochMilli() + "." + (last == null ? "" : last.text());
  }

  /** Reads {@link #text}; empty for anything else. */
  public static Optional<ChangeCursor> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      Instant time = Instant.ofEpochMilli(Long.parseLong(parts.group(2)));
      String last = parts.group(3);
      return Optional.of(
          new ChangeCursor(
              Long.parseLong(parts.group(1)),
              time,
              last == null ? null : DeliveryId.parse(last).orElse(null)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /** Whether a change of this cursor's commit was told. */
  public boolean includes(DeliveryId id) {
    return last == null || id.compareTo(last) <= 0;
  }
}
