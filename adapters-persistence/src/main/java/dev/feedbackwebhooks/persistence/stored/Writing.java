package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.persistence.stored.GroupCommit.Work;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where something is written: with what others write, or by itself. */
public interface Writing {
  /**
   * @return fails with {@link dev.feedbackwebhooks.domain.fault.Fault.Unavailable} if nothing was
   *     written
   */
  <T extends @Nullable Object> CompletableFuture<T> submit(Work<T> work);
}
