package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.fault.Failures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores a list of new deliveries; if it is refused for what one of them says, by halves, until
 * that one is alone and gets its own answer. Whether that one is at fault, or what it is to be
 * written to, is told by what the database says and by whether it takes any others.
 */
public final class DividedEnqueue {
  private static final Logger log = LoggerFactory.getLogger(DividedEnqueue.class);

  /** More of them with none that is taken in between are no matter of their data. */
  static final int MOST_REFUSED_IN_A_ROW = 10;

  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

  private final Function<List<Entry>, CompletableFuture<List<Enqueued>>> write;
  private final AtomicInteger refusedInARow = new AtomicInteger();
  private final AtomicLong nextLine = new AtomicLong(System.nanoTime());

  /**
   * @param write stores a list in one commit, or fails
   */
  public DividedEnqueue(Function<List<Entry>, CompletableFuture<List<Enqueued>>> write) {
    this.write = write;
  }

  /** One answer for each, in their order. */
  public CompletableFuture<List<Enqueued>> enqueue(List<Entry> entries) {
    return write
        .apply(entries)
        .thenApply(this::taken)
        .exceptionallyCompose(failure -> failed(entries, Failures.cause(failure)));
  }

  private List<Enqueued> taken(List<Enqueued> answers) {
    if (refusedInARow.get() > 0 && answers.stream().anyMatch(Enqueued.Stored.class::isInstance)) {
      refusedInARow.set(0);
    }
    return answers;
  }

  private CompletableFuture<List<Enqueued>> failed(List<Entry> entries, Throwable failure) {
    if (!(failure instanceof RefusedException refused)) {
      return CompletableFuture.failedFuture(failure);
    }
    if (entries.size() == 1) {
      return CompletableFuture.completedFuture(List.of(alone(entries.getFirst(), refused)));
    }
    int middle = entries.size() / 2;
    return enqueue(entries.subList(0, middle))
        .thenCombine(enqueue(entries.subList(middle, entries.size())), DividedEnqueue::joined);
  }

  private Enqueued alone(Entry entry, RefusedException refused) {
    String name = Delivery.name(entry.delivery().scope(), entry.delivery().id());
    if (!refused.byItsData() || refusedInARow.incrementAndGet() > MOST_REFUSED_IN_A_ROW) {
      tellOfSchema(name, refused);
      return new Enqueued.Failed();
    }
    String incident = UUID.randomUUID().toString();
    log.atError()
        .addKeyValue("incident", incident)
        .addKeyValue("delivery", name)
        .addKeyValue("cause", refused.getMessage())
        .log("the database refuses an event, which is answered so");
    return new Enqueued.Refused(incident);
  }

  /** Once a minute: it may be each of thousands. */
  private void tellOfSchema(String name, RefusedException refused) {
    long now = System.nanoTime();
    long next = nextLine.get();
    if (now - next >= 0 && nextLine.compareAndSet(next, now + BETWEEN_LINES.toNanos())) {
      log.atError()
          .addKeyValue("delivery", name)
          .addKeyValue("cause", refused.getMessage())
          .log(
              "the database refuses events for what its schema or this program gets wrong: they are"
                  + " answered UNAVAILABLE, to be sent again once that is repaired");
    }
  }

  private static List<Enqueued> joined(List<Enqueued> first, List<Enqueued> second) {
    List<Enqueued> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
