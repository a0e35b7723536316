package dev.feedbackwebhooks.persistence;

import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Which keys the table {@code event_key} surely does not hold: nearly every event is new, and to
 * look for it there is to read a page at random. Until what the table held at the start is known,
 * it may hold any. Bounded: of more keys than {@link #MOST_KEYS} it is less sure, and never wrong.
 */
final class KeyFilter {
  private static final long FIRST_KEYS = 500_000;

  /** At a bit more than a byte each. */
  private static final long MOST_KEYS = 8_000_000;

  private static final double WRONG = 0.01;

  /** Filters for more and more keys, the last one not full yet. */
  private static final class Layers {
    private final List<BloomFilter<Long>> filters = new ArrayList<>();
    private long room;
    private long size;

    void add(long key) {
      if (room == 0 && size < MOST_KEYS) {
        room = Math.max(FIRST_KEYS, size);
        size += room;
        filters.add(BloomFilter.create(Funnels.longFunnel(), room, WRONG));
      }
      room = Math.max(0, room - 1);
      filters.getLast().put(key);
    }

    boolean mayHold(long key) {
      for (BloomFilter<Long> filter : filters) {
        if (filter.mightContain(key)) {
          return true;
        }
      }
      return false;
    }
  }

  private final Layers added = new Layers();
  private volatile @Nullable Layers atStart;

  /** Takes what the table held at the start. From any thread, beside the writer. */
  void fill(LongStream keys) {
    Layers layers = new Layers();
    keys.forEach(layers::add);
    atStart = layers;
  }

  /** Notes a key that will be in the table. For the writer only, as is {@link #mayHold}. */
  void add(long key) {
    added.add(key);
  }

  boolean mayHold(long key) {
    Layers before = atStart;
    return before == null || added.mayHold(key) || before.mayHold(key);
  }
}
