package dev.feedbackwebhooks.bench;

import java.util.List;

/**
 * What one thing measured in every round: the median counts, and the spread says what it is worth.
 *
 * @param name what was measured, as the table's row
 * @param unit of the values, for people: {@code events/s}, {@code ms}, {@code MiB}
 * @param rounds at least one value
 */
record Figure(String name, String unit, List<Double> rounds) {
  Figure {
    rounds = rounds.stream().sorted().toList();
  }

  static Figure once(String name, String unit, double value) {
    return new Figure(name, unit, List.of(value));
  }

  double median() {
    int middle = rounds.size() / 2;
    return rounds.size() % 2 == 1
        ? rounds.get(middle)
        : (rounds.get(middle - 1) + rounds.get(middle)) / 2;
  }

  double least() {
    return rounds.getFirst();
  }

  double most() {
    return rounds.getLast();
  }
}
