package dev.feedbackwebhooks.persistence;

import static java.util.Comparator.comparingLong;

import java.util.ArrayList;
import java.util.List;

/**
 * The deliveries that came since the last block, so that the next one need not read them. Those of
 * a while may be missing: they are read then. Used by the writer only.
 */
final class FreshDeliveries {
  /** Only if blocks cannot be written for a while do so many wait. */
  private static final int MOST = 16 * 1_024;

  private final List<FreshDelivery> committed = new ArrayList<>();
  private final List<FreshDelivery> open = new ArrayList<>();

  /** Of the deliveries up to this one some may be missing. */
  private long missing;

  /** What the database holds already. */
  void missesAllUntil(long id) {
    missing = id;
  }

  void add(FreshDelivery delivery) {
    open.add(delivery);
  }

  /** Tells how many there are, which are more than are remembered perhaps. */
  int committed() {
    committed.addAll(open);
    open.clear();
    int size = committed.size();
    if (size > MOST) {
      forget();
    }
    return size;
  }

  void rolledBack() {
    open.clear();
  }

  int size() {
    return committed.size();
  }

  boolean hasAllAfter(long id) {
    return id >= missing;
  }

  /** The first ones, by id. */
  List<FreshDelivery> first(int rows) {
    committed.sort(comparingLong(FreshDelivery::id));
    return List.copyOf(committed.subList(0, rows));
  }

  /** They are in a block. */
  void removeUntil(long id) {
    committed.removeIf(delivery -> delivery.id() <= id);
  }

  /** For once they are read again: they are not what the database has. */
  void forget() {
    for (FreshDelivery delivery : committed) {
      missing = Math.max(missing, delivery.id());
    }
    committed.clear();
  }
}
