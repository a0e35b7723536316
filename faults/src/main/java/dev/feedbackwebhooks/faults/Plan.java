package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.StoreTrouble.Fate;
import dev.feedbackwebhooks.faults.StoreTrouble.Trouble;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Which faults happen to servers on which store, in which order. The same seed makes the same plan.
 */
record Plan(StoreKind store, long seed, List<Fault> faults) {
  /** One of each kind, and some kills: for each build. */
  static Plan shortForm(StoreKind store, long seed) {
    List<Fault> faults =
        new ArrayList<>(
            switch (store) {
              case SQLITE -> concat(quick(), List.of(new Kills(10), new CorruptPage(2)));
              case POSTGRESQL ->
                  List.of(
                      new Kills(2),
                      new StoreTrouble(Trouble.AWAY, Fate.GOES_ON),
                      new StoreTrouble(Trouble.CUT, Fate.GOES_ON),
                      new StoreTrouble(Trouble.FROZEN, Fate.STOPPED),
                      new StoreTrouble(Trouble.CRASHED, Fate.KILLED));
            });
    return new Plan(store, seed, shuffled(faults, seed));
  }

  /** Many kills among several of all other kinds: some ten minutes. */
  static Plan longForm(StoreKind store, long seed) {
    List<Fault> faults = new ArrayList<>();
    switch (store) {
      case SQLITE -> {
        faults.addAll(Collections.nCopies(20, new Kills(10)));
        for (int i = 0; i < 3; i++) {
          faults.addAll(quick());
          faults.addAll(List.of(new CorruptPage(4), new LittleMemory(10_000), new StandStill()));
        }
      }
      case POSTGRESQL -> {
        faults.addAll(Collections.nCopies(5, new Kills(4)));
        for (Trouble trouble : Trouble.values()) {
          for (Fate fate : Fate.values()) {
            faults.add(new StoreTrouble(trouble, fate));
          }
        }
        faults.addAll(
            List.of(
                new EndpointTrouble(),
                new FewFiles(),
                new LittleMemory(10_000),
                new NameLost(),
                new StandStill()));
      }
    }
    return new Plan(store, seed, shuffled(faults, seed));
  }

  private static List<Fault> concat(List<Fault> some, List<Fault> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  /** Those of SQLite that take seconds. */
  private static List<Fault> quick() {
    return List.of(
        new ClockJumps(),
        new DiskFull(),
        new EndpointTrouble(),
        new FewFiles(),
        new FileLimit(),
        new NameLost(),
        new ReadOnly(),
        new Second(),
        new LockDeleted(),
        new TornLog());
  }

  /** The same with faults of these names alone; all of them if there is no name. */
  Plan only(List<String> names) {
    return names.isEmpty()
        ? this
        : new Plan(
            store, seed, faults.stream().filter(fault -> names.contains(fault.name())).toList());
  }

  private static List<Fault> shuffled(List<Fault> faults, long seed) {
    RandomGenerator random = random(seed);
    for (int i = faults.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      Fault swapped = faults.get(i);
      faults.set(i, faults.get(other));
      faults.set(other, swapped);
    }
    return List.copyOf(faults);
  }

  /** What a plan's faults draw from, too. */
  static RandomGenerator random(long seed) {
    return new SplittableRandom(seed);
  }
}
