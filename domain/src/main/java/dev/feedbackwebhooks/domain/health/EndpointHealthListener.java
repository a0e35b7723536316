package dev.feedbackwebhooks.domain.health;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.fault.StoreFailureListener;
import java.time.Instant;

/** Hears how endpoints do, for metrics and logs. Must be quick and must not throw. */
public interface EndpointHealthListener extends StoreFailureListener {
  /**
   * An endpoint began to fail: several attempts, over some seconds.
   *
   * @param detail what the last one failed by, in one line
   */
  void failing(Scope scope, EndpointHealth health, String detail);

  /** An endpoint has only failed for a while; if it goes on, its configuration is disabled then. */
  void degraded(Scope scope, EndpointHealth health, Instant disabledAt);

  /** An endpoint that was failing accepted something. */
  void recovered(Scope scope);

  /** So many endpoints are degraded now. */
  void degradedEndpoints(int count);

  /** An endpoint only failed for so long that its configuration was disabled. */
  void disabledByFailure(Scope scope);

  /** The endpoint answered 410 Gone, and its configuration was disabled. */
  void disabledByEndpoint(Scope scope);
}
