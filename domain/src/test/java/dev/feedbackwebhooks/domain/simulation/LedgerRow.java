package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import java.time.Instant;

/** One delivery as the ledger knows it. */
final class LedgerRow {
  private static final long NOBODY = 0;

  private final Ledger ledger;
  final NewDelivery delivery;
  private long configId;
  private long holder;
  private Instant leaseEnd;
  final Instant createTime;
  private Instant firstSent = Instant.MAX;
  private Instant due;
  private int attempts;
  private int firstOfRound;
  private boolean over;
  private boolean refused;

  private boolean accepted;
  private boolean gone;

  LedgerRow(Ledger ledger, Entry entry) {
    this.ledger = ledger;
    this.delivery = entry.delivery();
    this.configId = delivery.configId();
    this.createTime = entry.now();
    this.due = entry.now();
    Lease lease = entry.lease();
    this.holder = lease == null ? NOBODY : lease.claimId();
    this.leaseEnd = lease == null ? Instant.MIN : lease.until();
  }

  long configId() {
    return configId;
  }

  int attempts() {
    return attempts;
  }

  /** When its first attempt was made; {@code now} if there was none. */
  Instant firstSent(Instant now) {
    return firstSent.isAfter(now) ? now : firstSent;
  }

  boolean accepted() {
    return accepted;
  }

  /** Whether no more than its end could be written. */
  boolean refused() {
    return refused;
  }

  boolean gone() {
    return gone;
  }

  /** An operator asked for it again. */
  void retried(long forConfig, Instant now) {
    require(holder == NOBODY, "was taken out of a holder's hands");
    configId = forConfig;
    due = now;
    firstOfRound = attempts;
    over = false;
  }

  void claimed(Claim claim, Instant dueBy, Lease lease) {
    // Claimed to be cancelled: if its configuration came back meanwhile, it has lost its time.
    due = dueBy.equals(Instant.MAX) ? createTime : due;
    require(holder == NOBODY, "claimed while another claim stands");
    require(!over, "claimed after its end");
    require(claim.attempts() == attempts, "claimed with a wrong number of attempts");

    holder = lease.claimId();
    leaseEnd = lease.until();
  }

  void settled(Settlement settlement, boolean stood) {
    boolean holds = holder == settlement.claim().claimId() && !over;
    require(stood == holds, stood ? "settled by a stale claim" : "its holder could not settle");
    if (!stood) {
      return;
    }
    holder = NOBODY;
    if (settlement.attempt() != null) {
      attempts++;
      require(settlement.attempt().number() == attempts, "has a gap in its attempts");
    }
    if (settlement.next() instanceof NextStep.RetryAt(Instant at)) {
      Instant earliest =
          settlement.at().plus(RetryDelay.least(settlement, attempts - firstOfRound));
      require(!at.isBefore(earliest), "is to be tried again too early");
      due = at;
    } else {
      over = true;
      refused |= settlement.attempt() == null;
    }
  }

  void released(Claim claim, Instant when) {
    if (holder == claim.claimId()) {
      holder = NOBODY;
      due = when;
    }
  }

  void extended(Claim claim, Instant until) {
    if (holder == claim.claimId()) {
      leaseEnd = until;
    }
  }

  void lapsed(Instant now) {
    if (!leaseEnd.isAfter(now)) {
      holder = NOBODY;
    }
  }

  void sent(Post post, int process, Instant now) {
    require(holder / World.CLAIMS_OF_A_PROCESS == process, "sent by a process that holds no claim");
    require(leaseEnd.isAfter(now), "sent after the lease ended");
    require(!due.isAfter(now), "sent before it is due");
    firstSent = firstSent.isBefore(now) ? firstSent : now;
    require(post.attempt() == attempts + 1, "sent with a wrong attempt number");
    require(post.payload().equals(delivery.payload()), "sent with another payload");
    require(post.config().id() == configId, "sent by another configuration");
    require(post.config().status().active(), "sent while its configuration is disabled");
  }

  void answered(AttemptResult answer) {
    accepted |= answer instanceof AttemptResult.Accepted;
    gone |= answer instanceof AttemptResult.Refused refused && refused.gone();
  }

  private void require(boolean kept, String what) {
    if (!kept) {
      ledger.require(false, "delivery " + delivery.id().text() + " " + what);
    }
  }
}
