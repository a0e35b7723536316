package dev.feedbackwebhooks.sender.egress;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The recent results of connecting to the addresses of one endpoint, and the order in which to try
 * them. The good ones share the load. One that failed, or that nothing is known of, is given one
 * attempt now and then, which goes on to a good one soon.
 */
public final class AddressMemory {
  static final Duration GOOD_FOR = Duration.ofMinutes(10);
  public static final Duration BAD_FOR = Duration.ofSeconds(30);

  private static final int MOST_DOUBLINGS = 3;

  /** A name may answer with another address each time. */
  private static final int MOST_MARKS = 64;

  /** The shortest time before another address is started beside one (RFC 8305, 5). */
  private static final Duration LEAST_PATIENCE = Duration.ofMillis(250);

  private static final Duration MOST_PATIENCE = Duration.ofSeconds(2);

  /**
   * @param failures in a row; 0 of an address that is good
   * @param silent whether it was connected to and gave no answer: only an answer is then worth
   *     something
   * @param micros that a connection took; 0 where that is not known
   */
  private record Mark(int failures, boolean silent, Instant until, long micros) {}

  private final InstantSource clock;
  private final Map<InetAddress, Mark> marks = new HashMap<>();
  private int turn;
  private Instant usedAt;

  public AddressMemory(InstantSource clock) {
    this.clock = clock;
    this.usedAt = clock.instant();
  }

  /** All of them, the one to try first in front. */
  public List<InetAddress> order(List<InetAddress> admitted) {
    Instant now = clock.instant();
    usedAt = now;
    // Of a single one the others' marks are kept: those of the other family may come late.
    if (admitted.size() > 1 || marks.size() > MOST_MARKS) {
      marks.keySet().retainAll(admitted);
    }
    if (admitted.size() == 1) {
      return admitted;
    }
    List<InetAddress> good = new ArrayList<>();
    List<InetAddress> untested = new ArrayList<>();
    List<InetAddress> bad = new ArrayList<>();
    for (InetAddress address : interleaved(admitted)) {
      Mark mark = marks.get(address);
      if (mark == null || !mark.until().isAfter(now)) {
        untested.add(address);
      } else {
        (mark.failures() == 0 ? good : bad).add(address);
      }
    }
    rotate(good);
    rotate(untested);
    turn++;
    // The one that failed first has had the most time to recover.
    bad.sort(Comparator.comparing(address -> until(address, now)));
    List<InetAddress> order = new ArrayList<>(good);
    order.addAll(untested);
    order.addAll(bad);
    if (!good.isEmpty() && !untested.isEmpty()) {
      probe(order, untested.getFirst(), now);
    }
    return order;
  }

  /** This attempt tries it first, and no other one does until something is known of it. */
  private void probe(List<InetAddress> order, InetAddress address, Instant now) {
    Mark before = marks.get(address);
    marks.put(
        address,
        before == null
            ? new Mark(1, false, now.plus(BAD_FOR), 0)
            : new Mark(Math.max(1, before.failures()), before.silent(), now.plus(BAD_FOR), 0));
    order.remove(address);
    order.addFirst(address);
  }

  private void rotate(List<InetAddress> addresses) {
    if (!addresses.isEmpty()) {
      Collections.rotate(addresses, -(turn % addresses.size()));
    }
  }

  private Instant until(InetAddress address, Instant otherwise) {
    Mark mark = marks.get(address);
    return mark == null ? otherwise : mark.until();
  }

  /** IPv4 and IPv6 in turn: of two families, one may lead nowhere (RFC 8305, 4). */
  private static List<InetAddress> interleaved(List<InetAddress> admitted) {
    List<InetAddress> v4 = admitted.stream().filter(a -> a instanceof Inet4Address).toList();
    List<InetAddress> v6 = admitted.stream().filter(a -> !(a instanceof Inet4Address)).toList();
    List<InetAddress> both = new ArrayList<>(admitted.size());
    for (int i = 0; i < Math.max(v4.size(), v6.size()); i++) {
      if (i < v4.size()) {
        both.add(v4.get(i));
      }
      if (i < v6.size()) {
        both.add(v6.get(i));
      }
    }
    return both;
  }

  /** The time to wait for a connection to it before the next address is started beside it. */
  public Duration patience(InetAddress address) {
    Mark mark = marks.get(address);
    Duration twice = Duration.ofNanos(mark == null ? 0 : 2_000 * mark.micros());
    if (twice.compareTo(LEAST_PATIENCE) < 0) {
      return LEAST_PATIENCE;
    }
    return twice.compareTo(MOST_PATIENCE) > 0 ? MOST_PATIENCE : twice;
  }

  /** A connection to it was secured, which took that long. */
  public void connected(InetAddress address, long micros) {
    Mark mark = marks.get(address);
    if (mark == null || !mark.silent()) {
      marks.put(address, good(micros));
    }
  }

  /** It answered a request. */
  public void answered(InetAddress address) {
    Mark mark = marks.get(address);
    if (mark == null || mark.failures() > 0 || isHalfOver(mark)) {
      marks.put(address, good(mark == null ? 0 : mark.micros()));
    }
  }

  private Mark good(long micros) {
    return new Mark(0, false, clock.instant().plus(GOOD_FOR), micros);
  }

  private boolean isHalfOver(Mark mark) {
    return mark.until().isBefore(clock.instant().plus(GOOD_FOR.dividedBy(2)));
  }

  /** No connection to it could be made, or not as soon as to another. */
  public void unconnected(InetAddress address) {
    fail(address, false);
  }

  /** It was sent a request and did not answer. */
  public void unanswered(InetAddress address) {
    fail(address, true);
  }

  private void fail(InetAddress address, boolean silent) {
    @Nullable Mark mark = marks.get(address);
    int failures = mark == null ? 1 : mark.failures() + 1;
    Duration pause = BAD_FOR.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    boolean stays = mark != null && mark.failures() > 0 && mark.silent();
    marks.put(address, new Mark(failures, silent || stays, clock.instant().plus(pause), 0));
  }

  /** Whether it is out of use, and all that it knows out of date. */
  public boolean isOutdated() {
    return !clock.instant().isBefore(usedAt.plus(GOOD_FOR));
  }
}
