package dev.feedbackwebhooks.app.metrics;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The same counters for each organization, if that is asked for; else once for all of them. No more
 * than {@link #MOST} organizations have their own: the others share what is called {@link #OTHER}.
 *
 * @param <T> counters
 */
final class ByOrganization<T> {
  /** Each is a time series per outcome, here and in Prometheus. */
  static final int MOST = 1_000;

  /** An organization that should be called so is counted among them. */
  static final String OTHER = "other";

  private final boolean asked;
  private final Function<Tags, T> counters;
  private final ConcurrentMap<String, T> known = new ConcurrentHashMap<>();
  private final T rest;

  /**
   * @param counters makes those that have such tags
   */
  ByOrganization(boolean asked, Function<Tags, T> counters) {
    this.asked = asked;
    this.counters = counters;
    this.rest = counters.apply(asked ? tags(OTHER) : Tags.empty());
  }

  /** An organization's counters; null stands for one that nobody knows. */
  T of(@Nullable String organization) {
    if (!asked || organization == null) {
      return rest;
    }
    T mine = known.get(organization);
    return mine == null ? admit(organization) : mine;
  }

  /** The counters of an organization that has some already; else those of the others. */
  T ofKnown(@Nullable String organization) {
    return !asked || organization == null ? rest : known.getOrDefault(organization, rest);
  }

  private synchronized T admit(String organization) {
    return known.size() < MOST
        ? known.computeIfAbsent(organization, name -> counters.apply(tags(name)))
        : known.getOrDefault(organization, rest);
  }

  private static Tags tags(String organization) {
    return Tags.of(Tag.of("organization", organization));
  }
}
