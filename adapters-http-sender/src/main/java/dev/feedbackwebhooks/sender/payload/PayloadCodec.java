package dev.feedbackwebhooks.sender.payload;

import static dev.feedbackwebhooks.sender.payload.JsonMembers.number;
import static dev.feedbackwebhooks.sender.payload.JsonMembers.string;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.feedbackwebhooks.domain.config.PayloadVersion;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.event.FeedbackEvent;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.FailureCategory;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Identity;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageExclusion;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageExecution;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageFailure;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageFeedback;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Offer;
import dev.feedbackwebhooks.domain.event.PayloadFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event as the JSON of docs/payload.md: members in that order, absent values as {@code
 * null}. A lone surrogate, which UTF-8 cannot carry, is written as its escape.
 */
public final class PayloadCodec implements PayloadFormat {
  /** Its buffers are shared by all threads: those that events come on are new ones each time. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
          .build();

  private static final int USUAL_SIZE = 1_024;

  @Override
  public Payload render(FeedbackEvent event, PayloadVersion version) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      write(json, event, version == PayloadVersion.V2 ? MessageContextJson.of(event) : null);
    } catch (IOException e) {
      throw new UncheckedIOException("an array takes whatever is written", e);
    }
    return Payload.of(bytes.toByteArray());
  }

  /**
   * @param more what the second version has besides; null in the first
   */
  private static void write(
      JsonGenerator json, FeedbackEvent event, @Nullable MessageContextJson more)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("requestId", event.requestId());
    json.writeStringField("imsOrg", event.imsOrg());
    json.writeObjectFieldStart("sandbox");
    string(json, "id", event.sandbox().id());
    json.writeStringField("name", event.sandbox().name());
    json.writeEndObject();
    json.writeStringField("channel", lower(event.channel()));
    json.writeStringField("eventType", "message.feedback");
    if (more != null) {
      more.channelContext(json);
    }
    execution(json, event.execution(), more);
    feedback(json, event.feedback(), more);
    identities(json, event.identityMap());
    json.writeEndObject();
  }

  private static void execution(
      JsonGenerator json, MessageExecution execution, @Nullable MessageContextJson more)
      throws IOException {
    json.writeObjectFieldStart("messageExecution");
    json.writeStringField("messageExecutionID", execution.messageExecutionId());
    json.writeStringField("messageType", lower(execution.messageType()));
    json.writeStringField("campaignID", execution.campaignId());
    string(json, "campaignVersionID", execution.campaignVersionId());
    if (more != null) {
      more.execution(json);
    }
    json.writeEndObject();
  }

  private static void feedback(
      JsonGenerator json, MessageFeedback feedback, @Nullable MessageContextJson more)
      throws IOException {
    json.writeObjectFieldStart("messageDeliveryFeedback");
    json.writeObjectFieldStart("feedbackStatus");
    json.writeStringField("value", lower(feedback.status()));
    json.writeEndObject();
    offers(json, feedback.offers());
    exclusion(json, feedback.exclusion());
    failure(json, feedback.failure());
    number(json, "retryCount", feedback.retryCount());
    if (more != null) {
      more.feedback(json);
    }
    json.writeEndObject();
  }

  private static void offers(JsonGenerator json, List<Offer> offers) throws IOException {
    if (offers.isEmpty()) {
      json.writeNullField("offers");
      return;
    }
    json.writeArrayFieldStart("offers");
    for (Offer offer : offers) {
      json.writeStartObject();
      string(json, "offerID", offer.offerId());
      string(json, "placementID", offer.placementId());
      string(json, "propositionID", offer.propositionId());
      string(json, "propositionTime", offer.propositionTime());
      number(json, "offerCount", offer.offerCount());
      string(json, "scopeID", offer.scopeId());
      string(json, "activityID", offer.activityId());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void exclusion(JsonGenerator json, @Nullable MessageExclusion exclusion)
      throws IOException {
    if (exclusion == null) {
      json.writeNullField("messageExclusion");
      return;
    }
    json.writeObjectFieldStart("messageExclusion");
    string(json, "code", exclusion.code());
    string(json, "reason", exclusion.reason());
    if (exclusion.details().isEmpty()) {
      json.writeNullField("details");
    } else {
      json.writeObjectFieldStart("details");
      for (Map.Entry<String, String> detail : exclusion.details().entrySet()) {
        json.writeStringField(detail.getKey(), detail.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void failure(JsonGenerator json, @Nullable MessageFailure failure)
      throws IOException {
    if (failure == null) {
      json.writeNullField("messageFailure");
      return;
    }
    FailureCategory category = failure.category();
    json.writeObjectFieldStart("messageFailure");
    string(json, "category", category == null ? null : lower(category));
    string(json, "type", failure.type());
    string(json, "code", failure.code());
    string(json, "reason", failure.reason());
    json.writeEndObject();
  }

  private static void identities(JsonGenerator json, Map<String, List<Identity>> identities)
      throws IOException {
    json.writeObjectFieldStart("identityMap");
    for (Map.Entry<String, List<Identity>> namespace : identities.entrySet()) {
      json.writeArrayFieldStart(namespace.getKey());
      for (Identity identity : namespace.getValue()) {
        json.writeStartObject();
        json.writeStringField("id", identity.id());
        Boolean primary = identity.primary();
        if (primary != null) {
          json.writeBooleanField("primary", primary);
        }
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  /** The payload's spelling of a constant. */
  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
