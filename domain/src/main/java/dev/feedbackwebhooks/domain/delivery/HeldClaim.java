package dev.feedbackwebhooks.domain.delivery;

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

  void extendedTo(Instant instant) {
    until = instant;
  }
}
