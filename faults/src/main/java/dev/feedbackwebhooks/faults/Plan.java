package dev.feedbackwebhooks.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Which faults happen, in which order. The same seed makes the same plan. */
record Plan(long seed, List<Fault> faults) {
  /** One of each kind, and ten kills: for each build. */
  static Plan shortForm(long seed) {
    List<Fault> faults = new ArrayList<>();
    faults.add(new Kills(10));
    faults.add(new CorruptPage(2));
    faults.addAll(quick());
    return new Plan(seed, shuffled(faults, seed));
  }

  /** Two hundred kills among several of all other kinds: some ten minutes. */
  static Plan longForm(long seed) {
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      faults.add(new Kills(10));
    }
    for (int i = 0; i < 3; i++) {
      faults.addAll(quick());
      faults.add(new CorruptPage(4));
      faults.add(new LittleMemory(10_000));
      faults.add(new StandStill());
    }
    return new Plan(seed, shuffled(faults, seed));
  }

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
        new TakeOver(),
        new TornLog());
  }

  /** The same with faults of these names alone; all of them if there is no name. */
  Plan only(List<String> names) {
    return names.isEmpty()
        ? this
        : new Plan(seed, faults.stream().filter(fault -> names.contains(fault.name())).toList());
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
