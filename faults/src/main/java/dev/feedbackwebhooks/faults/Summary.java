package dev.feedbackwebhooks.faults;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a run came to. */
final class Summary {
  private final long seed;
  private final Map<String, Integer> happened = new TreeMap<>();
  private final Map<String, String> skipped = new TreeMap<>();
  private final List<String> broken = new ArrayList<>();
  private Oracle.Count count = new Oracle.Count(0, 0, 0, 0, 0, 0);
  private int undelivered;
  private int restarts;
  private int worlds;

  Summary(long seed) {
    this.seed = seed;
  }

  void happened(String fault) {
    happened.merge(fault, 1, Integer::sum);
  }

  void skipped(String fault, String why) {
    skipped.put(fault, why);
  }

  void restarted() {
    restarts++;
  }

  int nextWorld() {
    return worlds++;
  }

  /** Adds what an oracle saw, once its world is closed. */
  void add(Oracle oracle) {
    count = count.plus(oracle.count());
    undelivered += oracle.undelivered().size();
    broken.addAll(oracle.broken());
  }

  /** Whether all was kept that was promised. */
  boolean kept() {
    return broken.isEmpty() && undelivered == 0;
  }

  void print(PrintStream out) {
    out.println();
    out.println("seed                " + seed);
    happened.forEach((fault, times) -> out.printf("  %-30s %6d%n", fault, times));
    skipped.forEach((fault, why) -> out.printf("  %-30s SKIPPED: %s%n", fault, why));
    out.println("restarts            " + restarts);
    out.println("events sent         " + count.sent());
    out.println("  acknowledged      " + count.acknowledged());
    out.println("  refused           " + count.refused());
    out.println("  in doubt          " + (count.sent() - count.acknowledged() - count.refused()));
    out.println("delivered           " + count.delivered());
    out.println("  in doubt          " + count.inDoubtDelivered());
    out.println("  more than once    " + count.doubled());
    out.println("lost                " + undelivered);
    out.println("promises broken     " + broken.size());
    broken.forEach(one -> out.println("  " + one));
  }
}
