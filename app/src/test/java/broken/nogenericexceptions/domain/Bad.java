package broken.nogenericexceptions.domain;

/** Breaks the rule that it is named after. */
final class Bad {
  void fail() {
    throw new RuntimeException();
  }
}
