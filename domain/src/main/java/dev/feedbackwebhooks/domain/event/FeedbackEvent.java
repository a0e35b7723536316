package dev.feedbackwebhooks.domain.event;

import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fact: what became of one message to one recipient. Valid by construction: who decodes it has
 * checked its bounds.
 *
 * @param eventId dedupe key within the scope, 1–128 characters
 * @param requestId 1–255 characters; not unique, a request has up to 20 recipients and several
 *     statuses for each
 * @param identityMap namespace, spelled as ingested, to the recipient's identities in it
 * @param trace what its sender does about it; null where that is not traced
 */
public record FeedbackEvent(
    String eventId,
    Instant eventTime,
    String requestId,
    String imsOrg,
    Sandbox sandbox,
    Channel channel,
    MessageExecution execution,
    MessageFeedback feedback,
    Map<String, List<Identity>> identityMap,
    MessageContext context,
    @Nullable TraceParent trace) {
  /** One of which no more is known. */
  public FeedbackEvent(
      String eventId,
      Instant eventTime,
      String requestId,
      String imsOrg,
      Sandbox sandbox,
      Channel channel,
      MessageExecution execution,
      MessageFeedback feedback,
      Map<String, List<Identity>> identityMap) {
    this(
        eventId,
        eventTime,
        requestId,
        imsOrg,
        sandbox,
        channel,
        execution,
        feedback,
        identityMap,
        MessageContext.NONE,
        null);
  }

  public FeedbackEvent {
    identityMap = Collections.unmodifiableMap(new LinkedHashMap<>(identityMap));
  }

  /** The same fact, in a trace. */
  public FeedbackEvent in(TraceParent parent) {
    return new FeedbackEvent(
        eventId,
        eventTime,
        requestId,
        imsOrg,
        sandbox,
        channel,
        execution,
        feedback,
        identityMap,
        context,
        parent);
  }

  /** The scope of the event, by which its configuration is found. */
  public Scope scope() {
    return new Scope(imsOrg, sandbox.name());
  }

  /** The sandbox as ingested. */
  public record Sandbox(@Nullable String id, String name) {}

  /** The API-triggered execution that sent the message. */
  public record MessageExecution(
      String messageExecutionId,
      MessageType messageType,
      String campaignId,
      @Nullable String campaignVersionId) {}

  /** Only transactional messages have feedback webhooks. */
  public enum MessageType {
    TRANSACTIONAL,
    MARKETING
  }

  /**
   * The feedback on the message.
   *
   * @param offers empty where none were given
   * @param retryCount failed sends of the message before this event, from 0; not our attempts
   */
  public record MessageFeedback(
      FeedbackStatus status,
      List<Offer> offers,
      @Nullable MessageExclusion exclusion,
      @Nullable MessageFailure failure,
      @Nullable Integer retryCount) {
    public MessageFeedback {
      offers = List.copyOf(offers);
    }
  }

  /** An offer that the message carried; passed through. */
  public record Offer(
      @Nullable String offerId,
      @Nullable String placementId,
      @Nullable String propositionId,
      @Nullable String propositionTime,
      @Nullable Integer offerCount,
      @Nullable String scopeId,
      @Nullable String activityId) {}

  /** Why the message was not sent at all. */
  public record MessageExclusion(
      @Nullable String code, @Nullable String reason, Map<String, String> details) {
    public MessageExclusion {
      details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }
  }

  /** Why the message failed. */
  public record MessageFailure(
      @Nullable FailureCategory category,
      @Nullable String type,
      @Nullable String code,
      @Nullable String reason) {}

  /** Whether the failure was known at once or reported later. */
  public enum FailureCategory {
    SYNC,
    ASYNC
  }

  /**
   * One way to name the recipient.
   *
   * @param primary null where it was not given
   */
  public record Identity(String id, @Nullable Boolean primary) {}
}
