package broken.failuresareunwrappedinoneplace.domain;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Breaks the rule that it is named after. */
final class Bad {
  private Bad() {}

  static @Nullable Throwable cause(Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }
}
