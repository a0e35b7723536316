package dev.feedbackwebhooks.domain.watch;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The position of a watch in the changes of each node that writes them: each numbers its commits by
 * itself, so there is no order between those of two nodes.
 *
 * @param places by the node's number; of a node without one nothing was told yet
 */
public record ChangeCursor(SortedMap<Long, ChangePosition> places) {
  /** The node of a store that only one process writes to. */
  public static final long ONLY_NODE = 0;

  private static final int RADIX = 32;
  private static final Pattern OF_ONLY_NODE =
      Pattern.compile("(\\d{1,18})\\.(\\d{1,18})\\.([0-9a-v]{13})?");
  private static final Pattern OF_NODE =
      Pattern.compile("([0-9a-v]{1,12})\\.([0-9a-v]{1,12})\\.([0-9a-v]{1,12})\\.([0-9a-v]{13})?");
  private static final Pattern OF_NODES = Pattern.compile("(" + OF_NODE + ",)+");

  public ChangeCursor {
    places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
  }

  public static ChangeCursor of(Map<Long, ChangePosition> places) {
    return new ChangeCursor(new TreeMap<>(places));
  }

  /** The position among the changes of a node; null before the first of them. */
  public @Nullable ChangePosition place(long node) {
    return places.get(node);
  }

  /** When the newest commit was written that it stands in; 1970 if it stands in none. */
  public Instant time() {
    return places.values().stream()
        .map(ChangePosition::time)
        .max(Comparator.naturalOrder())
        .orElse(Instant.EPOCH);
  }

  /** Whether all was told up to another one. */
  public boolean reaches(ChangeCursor other) {
    return other.places.entrySet().stream()
        .allMatch(entry -> reaches(entry.getKey(), entry.getValue().commit()));
  }

  /** Whether all of a node's commits was told, up to one of them. */
  public boolean reaches(long node, long commit) {
    ChangePosition place = places.get(node);
    return place == null
        ? commit == 0
        : place.commit() > commit || (place.commit() == commit && place.isEnd());
  }

  /**
   * Read again by {@link #parse}. For each node some 20 characters; of the only node as earlier
   * versions wrote it.
   */
  public String text() {
    ChangePosition only = places.get(ONLY_NODE);
    if (places.size() == 1 && only != null) {
      return only.commit() + "." + only.time().toEpochMilli() + "." + text(only.last());
    }
    return places.entrySet().stream()
        .map(entry -> text(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining());
  }

  private static String text(long node, ChangePosition place) {
    return Long.toString(node, RADIX)
        + "."
        + Long.toString(place.commit(), RADIX)
        + "."
        + Long.toString(place.time().toEpochMilli(), RADIX)
        + "."
        + text(place.last())
        + ",";
  }

  private static String text(@Nullable DeliveryId last) {
    return last == null ? "" : last.text();
  }

  /** Reads {@link #text}; empty for anything else. */
  public static Optional<ChangeCursor> parse(String text) {
    Matcher only = OF_ONLY_NODE.matcher(text);
    if (only.matches()) {
      ChangePosition place = place(10, only.group(1), only.group(2), only.group(3));
      return Optional.of(of(Map.of(ONLY_NODE, place)));
    }
    if (!OF_NODES.matcher(text).matches()) {
      return Optional.empty();
    }
    SortedMap<Long, ChangePosition> places = new TreeMap<>();
    Matcher each = OF_NODE.matcher(text);
    while (each.find()) {
      places.put(
          Long.parseLong(each.group(1), RADIX),
          place(RADIX, each.group(2), each.group(3), each.group(4)));
    }
    return Optional.of(new ChangeCursor(places));
  }

  private static ChangePosition place(
      int radix, String commit, String time, @Nullable String last) {
    return new ChangePosition(
        Long.parseLong(commit, radix),
        Instant.ofEpochMilli(Long.parseLong(time, radix)),
        last == null ? null : DeliveryId.parse(last).orElse(null));
  }
}
