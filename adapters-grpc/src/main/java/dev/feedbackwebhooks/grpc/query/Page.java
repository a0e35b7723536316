package dev.feedbackwebhooks.grpc.query;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for (AIP-158). Tokens ({@link ListToken}) name the last item of the
 * page before, so that inserts between two pages neither repeat nor skip anything.
 *
 * @param list what is listed: method, parent and filter
 * @param size 1–1,000
 * @param after key of the last item of the page before; null for the first page
 */
public record Page(String list, int size, @Nullable String after) {
  private static final int USUAL_SIZE = 50;
  private static final int MOST = 1_000;

  public static Page of(String list, int pageSize, String token) {
    if (pageSize < 0) {
      throw Fault.InvalidFields.of(
          Reason.INVALID_FIELDS, "page_size", "is negative: give 1 to 1000, or 0 for 50");
    }
    int size = pageSize == 0 ? USUAL_SIZE : Math.min(pageSize, MOST);
    return new Page(list, size, token.isEmpty() ? null : read(list, token));
  }

  /** One item more than fits tells whether there is a next page. */
  public int limit() {
    return size + 1;
  }

  /** The same page with fewer items, where not all of them fit into one answer. */
  public Page cutTo(int items) {
    return new Page(list, Math.min(size, Math.max(1, items)), after);
  }

  public <T> List<T> items(List<T> found) {
    return found.size() > size ? found.subList(0, size) : found;
  }

  public <T> String next(List<T> found, Function<T, String> key) {
    return found.size() > size ? token(key.apply(found.get(size - 1))) : "";
  }

  /** The token of the page that begins after {@code key}. */
  public String token(String key) {
    return ListToken.write(list, key);
  }

  private static String read(String list, String token) {
    return ListToken.read(list, token)
        .orElseThrow(() ->
            Fault.InvalidFields.of(
                Reason.INVALID_PAGE_TOKEN,
                "page_token",
                "is not one that this list gave out: repeat parent and filter, or begin without a"
                    + " token"));
  }
}
