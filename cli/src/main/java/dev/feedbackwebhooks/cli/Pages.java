package dev.feedbackwebhooks.cli;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** Goes through a list page by page (AIP-158). */
final class Pages {
  private static final int MOST = 1_000;

  private Pages() {}

  /**
   * @param limit items at most
   * @param page asks for a page of a size, by the token of the page before
   */
  static <R, T> void each(
      int limit,
      BiFunction<Integer, String, R> page,
      Function<R, List<T>> items,
      Function<R, String> next,
      Consumer<T> use) {
    String token = "";
    int left = limit;
    do {
      R answer = page.apply(Math.min(left, MOST), token);
      items.apply(answer).forEach(use);
      left -= items.apply(answer).size();
      token = next.apply(answer);
    } while (left > 0 && !token.isEmpty());
  }
}
