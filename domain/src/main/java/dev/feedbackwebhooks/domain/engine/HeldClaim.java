package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.delivery.Claim;
import java.time.Instant;

/** A claim and the end of its lease, which moves while this process holds on to it. */
final class HeldClaim {
  private final Claim claim;
  private volatile Instant until;

  HeldClaim(Claim claim, Instant until) {
    this.claim = claim;
    this.until = until;
  }

  Claim claim() {
    return claim;
  }

  Instant until() {
    return until;
  }

  /** Whether its lease ran out: it may be in other hands by {@code now}. */
  boolean hasLapsed(Instant now) {
    return !until.isAfter(now);
  }

  /** Its lease was renewed; one that had ended before we knew may be in other hands. */
  void extended(Instant to, Instant now) {
    if (!hasLapsed(now)) {
      until = to;
    }
  }
}
