package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliveryStats;
import dev.feedbackwebhooks.domain.delivery.Latencies;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A delivery in memory. */
final class InMemoryRow {
  final NewDelivery delivery;
  final List<Attempt> attempts = new ArrayList<>();
  final Instant createTime;
  long configId;
  DeliveryState state = DeliveryState.WAITING;
  String reason = "";
  int firstOfRound;
  Instant due;
  long claimId;
  Instant updateTime;
  boolean bodyGone;
  @Nullable ReplayId replay;

  InMemoryRow(NewDelivery delivery, Instant now) {
    this.delivery = delivery;
    this.configId = delivery.configId();
    this.createTime = now;
    this.updateTime = now;
    this.due = now;
  }

  void claim(Lease lease) {
    state = DeliveryState.CLAIMED;
    claimId = lease.claimId();
    due = lease.until();
  }

  Instant due() {
    return due;
  }

  boolean heldBy(Claim claim) {
    return state == DeliveryState.CLAIMED && claimId == claim.claimId();
  }

  Claim asClaim() {
    return new Claim(
        delivery.id(),
        delivery.scope(),
        configId,
        claimId,
        attempts.size(),
        firstOfRound,
        delivery.payload(),
        delivery.turn() instanceof MessageOrder.First(MessageKey message) ? message : null,
        replay == null ? new SendReason.Feedback() : new SendReason.Replay(replay.text()));
  }

  void begin(long config, Instant now) {
    state = DeliveryState.WAITING;
    reason = "";
    configId = config;
    due = now;
    firstOfRound = attempts.size();
    updateTime = now;
  }

  boolean ended(Instant delivered, Instant others) {
    return switch (state) {
      case WAITING, HELD, CLAIMED -> false;
      case DELIVERED -> updateTime.isBefore(delivered);
      case EXHAUSTED, REFUSED, CANCELLED -> updateTime.isBefore(others);
    };
  }

  void removeBody() {
    bodyGone = true;
    attempts.replaceAll(attempt -> kept(attempt, AttemptDetail.NONE, attempt.next()));
  }

  static Attempt kept(Attempt attempt, AttemptDetail detail, @Nullable Instant next) {
    return new Attempt(
        attempt.number(), attempt.start(), attempt.duration(), attempt.result(), detail, next);
  }

  boolean isTo(@Nullable String recipient) {
    return recipient == null || (!bodyGone && delivery.recipients().contains(recipient));
  }

  static boolean matches(Delivery delivery, DeliveryFilter filter) {
    return same(filter.state(), delivery.state())
        && same(filter.channel(), delivery.subject().channel())
        && same(filter.campaignId(), delivery.subject().campaignId())
        && same(filter.requestId(), delivery.subject().requestId())
        && same(filter.executionId(), delivery.subject().executionId())
        && (filter.createdFrom() == null || !delivery.createTime().isBefore(filter.createdFrom()))
        && (filter.createdBefore() == null
            || delivery.createTime().isBefore(filter.createdBefore()));
  }

  private static boolean same(@Nullable Object wanted, Object actual) {
    return wanted == null || wanted.equals(actual);
  }

  /** Whether its turn comes with the end of a message's first. */
  boolean waitsFor(MessageKey message, Instant now) {
    return delivery.turn() instanceof MessageOrder.After(var of, _)
        && of.equals(message)
        && state == DeliveryState.WAITING
        && attempts.isEmpty()
        && due.isAfter(now);
  }

  static DeliveryStats stats(
      List<DeliveryState> states, Latencies latencies, @Nullable Instant earliestDue) {
    return new DeliveryStats(
        states.size(),
        count(states, DeliveryState.WAITING) + count(states, DeliveryState.CLAIMED),
        count(states, DeliveryState.HELD),
        count(states, DeliveryState.DELIVERED),
        count(states, DeliveryState.EXHAUSTED),
        count(states, DeliveryState.REFUSED),
        count(states, DeliveryState.CANCELLED),
        latencies,
        earliestDue);
  }

  private static int count(List<DeliveryState> states, DeliveryState state) {
    return Collections.frequency(states, state);
  }

  static String reason(DeliveryState state) {
    return state == DeliveryState.HELD ? Delivery.HELD_REASON : Delivery.CANCELLED_REASON;
  }
}
