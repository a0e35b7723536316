package broken.environmentisreadbymain.domain;

/** Breaks the rule that it is named after. */
final class Bad {
  Object home() {
    return System.getenv();
  }
}
