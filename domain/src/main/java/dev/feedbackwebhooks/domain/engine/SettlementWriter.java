package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.fault.Failures;
import dev.feedbackwebhooks.domain.node.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes settlements in lists, and again what the store would not take. While the store takes
 * nothing, one of them a second finds out whether it does; then lists grow from one to hundreds. Of
 * a list that is refused for what one of them says, halves are written, until that one is alone: it
 * holds up nobody. Used by the engine's thread only.
 */
final class SettlementWriter {
  /** Lists that are with the store at a time: one that it writes, one for its next commit. */
  private static final int MOST_WRITING = 2;

  private static final int LONGEST_LIST = 1_024;

  /** A store that takes nothing is asked again after this long. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  /** The most settlements that are refused for their data: with more, the store is at fault. */
  private static final int MOST_REFUSED = 1_000;

  /** The delay of a claim that nothing could be written of. */
  private static final Duration GIVEN_BACK_FOR = Duration.ofHours(1);

  private final EnginePorts ports;
  private final InstantSource clock;
  private final Consumer<Settlement> settled;
  private final Consumer<Claim> givenUp;
  private final Executor mailbox;

  private final ArrayDeque<UnwrittenSettlements> waiting = new ArrayDeque<>();

  /** Halves of lists that were refused: each is written by itself. */
  private final ArrayDeque<List<UnwrittenSettlements>> parts = new ArrayDeque<>();

  /** Settlements that were refused alone, until their next try. */
  private final List<UnwrittenSettlements> refused = new ArrayList<>();

  private final Recurrence repetitions = new Recurrence(PAUSE, Instant.EPOCH);

  /** Lists that are with the store. */
  private final Set<List<UnwrittenSettlements>> writing = identitySet();

  /** Claims that are on their way back to it. */
  private final Set<UnwrittenSettlements> givingBack = identitySet();

  private int longest = LONGEST_LIST;

  /** Whether a half was written last: what has never been refused does not wait for all of them. */
  private boolean wroteHalf;

  /** Whether the store took nothing the last time. */
  private boolean down;

  /**
   * @param settled hears of each settlement once it is durable, as it was written
   * @param givenUp hears of a claim that nothing could be written of: it is to be forgotten
   */
  SettlementWriter(
      EnginePorts ports,
      InstantSource clock,
      Consumer<Settlement> settled,
      Consumer<Claim> givenUp,
      Executor mailbox) {
    this.ports = ports;
    this.clock = clock;
    this.settled = settled;
    this.givenUp = givenUp;
    this.mailbox = mailbox;
  }

  void add(Settlement settlement) {
    waiting.add(new UnwrittenSettlements(settlement));
    writeOn();
  }

  /** Settlements that are not durable yet. */
  int open() {
    return waiting.size() + ofLists(parts) + ofLists(writing) + refused.size() + givingBack.size();
  }

  private static <T> Set<T> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static int ofLists(Collection<List<UnwrittenSettlements>> lists) {
    return lists.stream().mapToInt(List::size).sum();
  }

  /** The claims of all settlements, by identity. */
  Set<Claim> claims() {
    Set<Claim> claims = identitySet();
    Stream.of(List.of(waiting, refused, givingBack), parts, writing)
        .<Collection<UnwrittenSettlements>>flatMap(Collection::stream)
        .flatMap(Collection::stream)
        .forEach(one -> claims.add(one.settlement().claim()));
    return claims;
  }

  /** The number of settlements that the store would not take so far. */
  int overdue() {
    return down ? open() : refused.size() + ofLists(parts);
  }

  /** Writes again what was not taken, if it is time. */
  void repeat() {
    Instant now = clock.instant();
    if (down) {
      if (writing.isEmpty() && repetitions.isDue(now)) {
        probe(now);
      }
      return;
    }
    for (UnwrittenSettlements one : List.copyOf(refused)) {
      if (one.isDue(now)) {
        refused.remove(one);
        parts.add(List.of(one));
      }
    }
    writeOn();
  }

  /** Writes one, to find out whether the store takes it; the one that failed last comes last. */
  private void probe(Instant now) {
    UnwrittenSettlements next = waiting.poll();
    if (next == null) {
      next = refused.stream().filter(one -> one.isDue(now)).findFirst().orElse(null);
      refused.remove(next);
    }
    if (next != null) {
      write(List.of(next));
    }
  }

  private void writeOn() {
    while (!down && writing.size() < MOST_WRITING && !(parts.isEmpty() && waiting.isEmpty())) {
      wroteHalf = waiting.isEmpty() || (!parts.isEmpty() && !wroteHalf);
      write(wroteHalf ? parts.remove() : nextList());
    }
  }

  private List<UnwrittenSettlements> nextList() {
    List<UnwrittenSettlements> list = new ArrayList<>(Math.min(longest, waiting.size()));
    while (list.size() < longest && !waiting.isEmpty()) {
      list.add(waiting.remove());
    }
    return list;
  }

  private void write(List<UnwrittenSettlements> list) {
    List<Settlement> settlements = new ArrayList<>(list.size());
    for (UnwrittenSettlements one : list) {
      Settlement next = one.written();
      if (next == null) {
        // It is alone, like all that was refused before.
        giveBack(one);
        return;
      }
      settlements.add(next);
    }
    writing.add(list);
    ports
        .queue()
        .settle(settlements)
        .whenCompleteAsync(
            (stood, failure) -> answered(list, settlements, stood, failure), mailbox);
  }

  private void answered(
      List<UnwrittenSettlements> list,
      List<Settlement> settlements,
      @Nullable List<Boolean> stood,
      @Nullable Throwable failure) {
    writing.remove(list);
    if (stood == null || failure != null) {
      notWritten(
          list, failure == null ? new IllegalStateException("no answer") : Failures.cause(failure));
      writeOn();
      return;
    }
    takesAgain();
    longest = Math.min(LONGEST_LIST, 2 * longest);
    writeOn();
    for (int i = 0; i < settlements.size(); i++) {
      if (!stood.get(i)) {
        ports.listener().fenced(settlements.get(i).claim());
      }
      settled.accept(settlements.get(i));
    }
  }

  private void takesAgain() {
    if (down) {
      down = false;
      ports.listener().settlesAgain(open());
    }
  }

  private void notWritten(List<UnwrittenSettlements> list, Throwable failure) {
    if (Failures.isUnavailable(failure)) {
      putBack(list);
      takesNothing(failure);
    } else if (list.size() > 1 && down) {
      putBack(list);
    } else if (list.size() > 1) {
      // One of them brings it out: the others need not suffer from it.
      parts.add(list.subList(0, list.size() / 2));
      parts.add(list.subList(list.size() / 2, list.size()));
    } else {
      refused(list.getFirst().refused(clock.instant()), failure);
    }
  }

  private void putBack(List<UnwrittenSettlements> list) {
    for (UnwrittenSettlements one : list) {
      (one.refusals() == 0 ? waiting : refused).add(one);
    }
  }

  private void refused(UnwrittenSettlements one, Throwable failure) {
    refused.add(one);
    if (one.refusals() == UnwrittenSettlements.TRIES) {
      ports.listener().settlementRefused(one.settlement().claim(), failure);
    }
    if (refused.size() > MOST_REFUSED) {
      takesNothing(failure);
    } else {
      ports.listener().storeFailed("settle", failure);
    }
  }

  private void takesNothing(Throwable failure) {
    ports.listener().storeFailed("settle", failure);
    if (!down) {
      down = true;
      ports.listener().settlesNothing(failure);
    }
    longest = 1;
    parts.forEach(this::putBack);
    parts.clear();
    repetitions.putOff(clock.instant());
  }

  /** It is sent again at another time, and its lease is not renewed any more. */
  private void giveBack(UnwrittenSettlements one) {
    Claim claim = one.settlement().claim();
    givingBack.add(one);
    ports
        .queue()
        .release(List.of(claim), clock.instant().plus(GIVEN_BACK_FOR))
        .whenCompleteAsync(
            (_, failure) -> {
              givingBack.remove(one);
              if (failure != null) {
                // Then its lease ends by itself.
                ports.listener().storeFailed("release", Failures.cause(failure));
              }
              if (open() == 0) {
                takesAgain();
              }
              givenUp.accept(claim);
            },
            mailbox);
  }
}
