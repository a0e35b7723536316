package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.fault.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores a list of new deliveries; if it is refused for what one of them says, by halves, until
 * that one is alone and gets its own answer.
 *
 * @param write stores a list in one commit, or fails
 */
public record DividedEnqueue(Function<List<Entry>, CompletableFuture<List<Enqueued>>> write) {
  private static final Logger log = LoggerFactory.getLogger(DividedEnqueue.class);

  /** One answer for each, in their order. */
  public CompletableFuture<List<Enqueued>> enqueue(List<Entry> entries) {
    return write
        .apply(entries)
        .exceptionallyCompose(failure -> failed(entries, Failures.cause(failure)));
  }

  private CompletableFuture<List<Enqueued>> failed(List<Entry> entries, Throwable failure) {
    if (!(failure instanceof RefusedException)) {
      return CompletableFuture.failedFuture(failure);
    }
    if (entries.size() == 1) {
      return CompletableFuture.completedFuture(List.of(refused(entries.getFirst(), failure)));
    }
    int middle = entries.size() / 2;
    return enqueue(entries.subList(0, middle))
        .thenCombine(enqueue(entries.subList(middle, entries.size())), DividedEnqueue::joined);
  }

  private static Enqueued refused(Entry entry, Throwable failure) {
    String incident = UUID.randomUUID().toString();
    log.atError()
        .addKeyValue("incident", incident)
        .addKeyValue("delivery", Delivery.name(entry.delivery().scope(), entry.delivery().id()))
        .addKeyValue("cause", failure.getMessage())
        .log("the database refuses an event, which is answered so");
    return new Enqueued.Refused(incident);
  }

  private static List<Enqueued> joined(List<Enqueued> first, List<Enqueued> second) {
    List<Enqueued> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
