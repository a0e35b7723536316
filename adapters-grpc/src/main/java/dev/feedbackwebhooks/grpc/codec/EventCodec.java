package dev.feedbackwebhooks.grpc.codec;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.EventName;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import dev.feedbackwebhooks.domain.event.FeedbackEvent;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Identity;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageExecution;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageType;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Sandbox;
import dev.feedbackwebhooks.domain.event.IntakeOutcome;
import dev.feedbackwebhooks.domain.event.MessageContext;
import dev.feedbackwebhooks.domain.event.SkipReason;
import dev.feedbackwebhooks.domain.fault.Violation;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.FieldViolation;
import dev.feedbackwebhooks.proto.v1.IdentityList;
import dev.feedbackwebhooks.proto.v1.Outcome;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Events and their outcomes on the wire. */
public final class EventCodec {
  private static final int MAX_EVENT_ID = 128;
  private static final int MAX_TEXT = 255;

  /** The fields that make an event's name. */
  private static final Set<String> NAME = Set.of("event_id", "ims_org", "sandbox.name");

  private EventCodec() {}

  /** An event, or every rule that it breaks. */
  public sealed interface Decoded {
    record Valid(FeedbackEvent event) implements Decoded {}

    /**
     * @param name what it may be known by; null if it names no event that there can be
     */
    record Invalid(List<Violation> violations, @Nullable EventName name) implements Decoded {}
  }

  /**
   * @param now stands for an event's time where none is given
   * @param callTrace stands for an event's trace where none is given
   */
  public static Decoded decode(
      dev.feedbackwebhooks.proto.v1.FeedbackEvent event,
      Instant now,
      @Nullable TraceParent callTrace) {
    Violations violations = new Violations();
    violations.length("event_id", event.getEventId(), 1, MAX_EVENT_ID);
    violations.length("request_id", event.getRequestId(), 1, MAX_TEXT);
    violations.resourceId("ims_org", event.getImsOrg());
    Instant time = event.hasEventTime() ? time(event.getEventTime(), violations) : now;
    Channel channel = ChannelCodec.fromProto(event.getChannel());
    violations.require(
        channel != null, "channel", "is required: give CHANNEL_EMAIL or CHANNEL_SMS");
    Sandbox sandbox = sandbox(event, violations);
    MessageExecution execution = execution(event.getMessageExecution(), violations);
    var feedback = FeedbackCodec.decode(event.getMessageDeliveryFeedback(), violations);
    Map<String, List<Identity>> identities = identities(event.getIdentityMapMap(), violations);
    MessageContext context = MessageContextCodec.decode(event, violations);
    if (channel == null || execution == null || feedback == null || !violations.none()) {
      return new Decoded.Invalid(violations.all(), name(event, violations.all()));
    }
    return new Decoded.Valid(
        new FeedbackEvent(
            event.getEventId(),
            time,
            event.getRequestId(),
            event.getImsOrg(),
            sandbox,
            channel,
            execution,
            feedback,
            identities,
            context,
            event.getTraceparent().isEmpty()
                ? callTrace
                : TraceParent.ifValid(event.getTraceparent())));
  }

  private static @Nullable EventName name(
      dev.feedbackwebhooks.proto.v1.FeedbackEvent event, List<Violation> broken) {
    return broken.stream().map(Violation::field).anyMatch(NAME::contains)
        ? null
        : new EventName(
            new Scope(event.getImsOrg(), event.getSandbox().getName()), event.getEventId());
  }

  public static FeedbackResult encode(
      String eventId, @Nullable Scope scope, IntakeOutcome outcome) {
    FeedbackResult.Builder result = FeedbackResult.newBuilder().setEventId(eventId);
    switch (outcome) {
      case IntakeOutcome.Accepted(var id) ->
          result
              .setOutcome(Outcome.OUTCOME_ACCEPTED)
              .setDelivery(scope == null ? "" : Delivery.name(scope, id));
      case IntakeOutcome.Duplicate(var id) ->
          result
              .setOutcome(Outcome.OUTCOME_DUPLICATE)
              .setDelivery(scope == null ? "" : Delivery.name(scope, id));
      case IntakeOutcome.Skipped(var reason) ->
          result.setOutcome(Outcome.OUTCOME_SKIPPED).setSkipReason(encode(reason));
      case IntakeOutcome.Rejected(var violations) -> {
        result.setOutcome(Outcome.OUTCOME_REJECTED);
        violations.forEach(violation -> result.addViolations(encode(violation)));
      }
    }
    return result.build();
  }

  private static FieldViolation encode(Violation violation) {
    return FieldViolation.newBuilder()
        .setField(violation.field())
        .setDescription(violation.description())
        .build();
  }

  private static dev.feedbackwebhooks.proto.v1.SkipReason encode(SkipReason reason) {
    return switch (reason) {
      case NO_CONFIG -> dev.feedbackwebhooks.proto.v1.SkipReason.SKIP_REASON_NO_CONFIG;
      case CONFIG_DISABLED -> dev.feedbackwebhooks.proto.v1.SkipReason.SKIP_REASON_CONFIG_DISABLED;
      case CHANNEL_NOT_SELECTED ->
          dev.feedbackwebhooks.proto.v1.SkipReason.SKIP_REASON_CHANNEL_NOT_SELECTED;
      case CAMPAIGN_NOT_ENABLED ->
          dev.feedbackwebhooks.proto.v1.SkipReason.SKIP_REASON_CAMPAIGN_NOT_ENABLED;
      case STATUS_NOT_FORWARDED ->
          dev.feedbackwebhooks.proto.v1.SkipReason.SKIP_REASON_STATUS_NOT_FORWARDED;
      case NOT_TRANSACTIONAL ->
          dev.feedbackwebhooks.proto.v1.SkipReason.SKIP_REASON_NOT_TRANSACTIONAL;
    };
  }

  private static Instant time(Timestamp time, Violations violations) {
    if (!Timestamps.isValid(time)) {
      violations.add("event_time", "is no time between the years 1 and 9999");
      return Instant.EPOCH;
    }
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  private static Sandbox sandbox(
      dev.feedbackwebhooks.proto.v1.FeedbackEvent event, Violations violations) {
    violations.resourceId("sandbox.name", event.getSandbox().getName());
    violations.length("sandbox.id", event.getSandbox().getId(), 0, MAX_TEXT);
    return new Sandbox(orNull(event.getSandbox().getId()), event.getSandbox().getName());
  }

  private static @Nullable MessageExecution execution(
      dev.feedbackwebhooks.proto.v1.MessageExecution execution, Violations violations) {
    String at = "message_execution.";
    violations.length(at + "message_execution_id", execution.getMessageExecutionId(), 1, MAX_TEXT);
    violations.resourceId(at + "campaign_id", execution.getCampaignId());
    violations.length(at + "campaign_version_id", execution.getCampaignVersionId(), 0, MAX_TEXT);
    MessageType type =
        switch (execution.getMessageType()) {
          case MESSAGE_TYPE_TRANSACTIONAL -> MessageType.TRANSACTIONAL;
          case MESSAGE_TYPE_MARKETING -> MessageType.MARKETING;
          case MESSAGE_TYPE_UNSPECIFIED, UNRECOGNIZED -> null;
        };
    if (type == null) {
      violations.add(at + "message_type", "is required: give one of MessageType");
      return null;
    }
    return new MessageExecution(
        execution.getMessageExecutionId(),
        type,
        execution.getCampaignId(),
        orNull(execution.getCampaignVersionId()));
  }

  private static Map<String, List<Identity>> identities(
      Map<String, IdentityList> given, Violations violations) {
    violations.require(!given.isEmpty(), "identity_map", "is required: give at least one identity");
    Map<String, List<Identity>> identities = new LinkedHashMap<>();
    given.forEach((namespace, list) -> {
      violations.length("identity_map", namespace, 1, MAX_TEXT);
      String at = "identity_map[" + shortened(namespace) + "]";
      String idField = at + ".id";
      violations.require(list.getIdentitiesCount() > 0, at, "has no identity: give at least one");
      identities.put(
          namespace,
          list.getIdentitiesList().stream()
              .map(one -> identity(one, idField, violations))
              .toList());
    });
    return identities;
  }

  private static Identity identity(
      dev.feedbackwebhooks.proto.v1.Identity identity, String field, Violations violations) {
    violations.require(!identity.getId().isEmpty(), field, "is required");
    return new Identity(identity.getId(), identity.hasPrimary() ? identity.getPrimary() : null);
  }

  private static String shortened(String namespace) {
    return namespace.length() <= MAX_TEXT ? namespace : namespace.substring(0, MAX_TEXT);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
