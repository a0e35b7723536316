package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.delivery.Claim;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The claims that a lane is to send: replayed ones come last. */
final class LaneQueue {
  private final ArrayDeque<HeldClaim> fresh = new ArrayDeque<>();
  private final ArrayDeque<HeldClaim> replayed = new ArrayDeque<>();

  void add(HeldClaim claim) {
    (claim.claim().replayed() ? replayed : fresh).add(claim);
  }

  boolean isEmpty() {
    return fresh.isEmpty() && replayed.isEmpty();
  }

  boolean hasFresh() {
    return !fresh.isEmpty();
  }

  int size() {
    return fresh.size() + replayed.size();
  }

  HeldClaim remove() {
    return fresh.isEmpty() ? replayed.remove() : fresh.remove();
  }

  void forEach(Consumer<HeldClaim> each) {
    fresh.forEach(each);
    replayed.forEach(each);
  }

  /** Takes out those that are as asked for. */
  List<Claim> removeIf(Predicate<HeldClaim> asked) {
    List<Claim> removed = new ArrayList<>();
    for (ArrayDeque<HeldClaim> queue : List.of(fresh, replayed)) {
      for (Iterator<HeldClaim> each = queue.iterator(); each.hasNext(); ) {
        HeldClaim queued = each.next();
        if (asked.test(queued)) {
          removed.add(queued.claim());
          each.remove();
        }
      }
    }
    return removed;
  }
}
