package broken.nostandardstreams.domain;

/** Breaks the rule that it is named after. */
final class Bad {
  void say() {
    System.out.println();
  }
}
