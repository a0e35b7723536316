package dev.feedbackwebhooks.domain.health;

import dev.feedbackwebhooks.domain.config.Scope;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the health of endpoints that fail, for scopes that have a configuration; an endpoint that
 * accepts has none. Several processes may write of one endpoint: what each saw fail is added up.
 *
 * <p>No call but {@link #all} blocks; stages fail with {@link
 * dev.feedbackwebhooks.domain.fault.Fault.Unavailable} if nothing was written.
 */
public interface HealthStore {
  /** All that is kept. Blocks its caller. */
  Map<Scope, EndpointHealth> all();

  /**
   * An endpoint began to fail, as far as one process knows. Adds that to what is kept of it ({@link
   * EndpointHealth#isJoinedBy}), or keeps it in the place of what was kept.
   *
   * @return what is kept then; empty if nothing is
   */
  CompletionStage<Optional<EndpointHealth>> begin(Scope scope, EndpointHealth first);

  /**
   * It goes on failing: adds {@code more} to what is kept, if that is of the same outage ({@link
   * EndpointHealth#isSame}).
   *
   * @param more what was not told before
   * @return what is kept then; empty if it was forgotten since, and maybe begun anew: then nothing
   *     was changed
   */
  CompletionStage<Optional<EndpointHealth>> goOn(Scope scope, EndpointHealth more);

  /** It accepted something, or begins anew. */
  CompletionStage<?> forget(Scope scope);
}
