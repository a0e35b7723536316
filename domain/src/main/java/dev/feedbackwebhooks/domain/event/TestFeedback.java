package dev.feedbackwebhooks.domain.event;

import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.attempt.Advice;
import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.audit.AuditAction;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryIds;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Sent;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tries a configuration out: sends a sample to its endpoint at once, by the way that feedback goes,
 * and tells how that went. No delivery is stored, and a disabled configuration is tried as well.
 * Blocks its caller, no longer than an attempt may take.
 */
public final class TestFeedback {
  private final Configs configs;
  private final PayloadFormat format;
  private final FeedbackSender sender;
  private final AuditStore audit;
  private final DeliveryIds ids;
  private final InstantSource clock;
  private final TestQuota quota = new TestQuota();

  public TestFeedback(
      Configs configs,
      PayloadFormat format,
      FeedbackSender sender,
      AuditStore audit,
      DeliveryIds ids,
      InstantSource clock) {
    this.configs = configs;
    this.format = format;
    this.sender = sender;
    this.audit = audit;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * The result of a test.
   *
   * @param advice what to do about it; empty where it was accepted
   */
  public record Tried(Attempt attempt, Payload payload, List<String> advice) {
    public Tried {
      advice = List.copyOf(advice);
    }
  }

  /**
   * @param status one that is sent on
   * @param channel of the configuration; null for its first
   * @throws Fault.NotFound if the scope has no configuration
   * @throws Fault.InvalidFields if nothing of that status or channel would be sent
   * @throws Fault.Unavailable if the scope was tried too often lately
   */
  public Tried send(
      Actor who, Scope scope, @Nullable FeedbackStatus status, @Nullable Channel channel) {
    WebhookConfig config = configs.get(scope);
    FeedbackStatus sampled = forwarded(status);
    Channel chosen = channelOf(config, channel);
    Instant start = clock.instant();
    quota.take(scope, start);
    audit.append(
        new AuditEntry(
            start, who, AuditAction.TEST_CONFIG, scope.audited(scope.configName()), List.of()));
    DeliveryId id = ids.next();
    Payload payload =
        format.render(SampleEvents.of(scope, id, sampled, chosen, start), config.terms().payload());
    Sent sent =
        sender
            .send(new Post(config, id, 1, payload, new SendReason.Test()))
            .toCompletableFuture()
            .join();
    Duration took = Duration.between(start, clock.instant());
    Attempt attempt =
        new Attempt(
            1, start, took.isNegative() ? Duration.ZERO : took, sent.result(), sent.detail(), null);
    return new Tried(attempt, payload, Advice.on(sent.result()));
  }

  private static FeedbackStatus forwarded(@Nullable FeedbackStatus status) {
    if (status == null || !status.forwarded()) {
      throw Fault.InvalidFields.of(
          Reason.INVALID_FIELDS,
          "status",
          "is required, and one that is sent on: SENT, DELIVERED, BOUNCE or ERROR");
    }
    return status;
  }

  private static Channel channelOf(WebhookConfig config, @Nullable Channel channel) {
    if (channel == null) {
      return config.channels().stream().sorted().findFirst().orElseThrow();
    }
    if (!config.channels().contains(channel)) {
      throw Fault.InvalidFields.of(
          Reason.INVALID_FIELDS, "channel", "must be one of the configuration's channels");
    }
    return channel;
  }
}
