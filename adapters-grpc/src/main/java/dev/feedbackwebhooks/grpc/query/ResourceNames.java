package dev.feedbackwebhooks.grpc.query;

import dev.feedbackwebhooks.domain.access.Caller;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads resource names (AIP-122). But for {@link #place}, each method throws {@link
 * Fault.InvalidFields} for any other.
 */
public final class ResourceNames {
  private static final String SCOPE = "organizations/([^/]*)/sandboxes/([^/]*)";
  private static final Pattern PARENT = Pattern.compile(SCOPE);
  private static final Pattern CONFIG = Pattern.compile(SCOPE + "/webhookConfig");
  private static final Pattern CAMPAIGN = Pattern.compile(SCOPE + "/campaigns/([^/]*)");
  private static final Pattern DELIVERY = Pattern.compile(SCOPE + "/deliveries/([^/]*)");
  private static final Pattern STATS = Pattern.compile(SCOPE + "/deliveryStats");
  private static final Pattern OPERATION = Pattern.compile(SCOPE + "/operations/([^/]*)");
  private static final Pattern AUDIT_RECORD = Pattern.compile(SCOPE + "/auditRecords/([^/]*)");
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,18}");

  private static final Pattern WITHIN = Pattern.compile(SCOPE + "(?:/.*)?", Pattern.DOTALL);

  private ResourceNames() {}

  /** The organization and sandbox in a resource's name; neither has been checked. */
  public record Place(String organization, String sandbox) {}

  /** The place that any of these names begins with; empty for what is no such name. */
  public static Optional<Place> place(String name) {
    Matcher parts = WITHIN.matcher(name);
    return parts.matches()
        ? Optional.of(new Place(parts.group(1), parts.group(2)))
        : Optional.empty();
  }

  public record CampaignName(Scope scope, String campaign) {}

  public record DeliveryName(Scope scope, DeliveryId id) {}

  public record OperationName(Scope scope, ReplayId id) {}

  public record AuditRecordName(Scope scope, long id) {}

  public static Scope parent(String name) {
    return parent("parent", name);
  }

  public static Scope parent(String field, String name) {
    return scope(
        match(PARENT, field, name, "organizations/{organization}/sandboxes/{sandbox}"), field);
  }

  /** A parent of which either part may be the wildcard "-". */
  public static Scope wildcardParent(String name) {
    Matcher parts =
        match(PARENT, "parent", name, "organizations/{organization}/sandboxes/{sandbox or -}");
    Violations violations = new Violations();
    for (int group = 1; group <= 2; group++) {
      if (!parts.group(group).equals("-")) {
        violations.resourceId("parent", parts.group(group));
      }
    }
    violations.refuseIfAny();
    return new Scope(parts.group(1), parts.group(2));
  }

  public static Scope config(String field, String name) {
    return scope(
        match(
            CONFIG, field, name, "organizations/{organization}/sandboxes/{sandbox}/webhookConfig"),
        field);
  }

  public static CampaignName campaign(String field, String name) {
    Matcher parts =
        match(
            CAMPAIGN,
            field,
            name,
            "organizations/{organization}/sandboxes/{sandbox}/campaigns/{campaign}");
    Scope scope = scope(parts, field);
    Violations violations = new Violations();
    violations.resourceId(field, "campaign", parts.group(3));
    violations.refuseIfAny();
    return new CampaignName(scope, parts.group(3));
  }

  public static Scope deliveryStats(String name) {
    return scope(
        match(
            STATS, "name", name, "organizations/{organization}/sandboxes/{sandbox}/deliveryStats"),
        "name");
  }

  /** An id that no delivery can have names none: that is NOT_FOUND, as for any other. */
  public static DeliveryName delivery(String name) {
    Matcher parts =
        match(
            DELIVERY,
            "name",
            name,
            "organizations/{organization}/sandboxes/{sandbox}/deliveries/{delivery}");
    Scope scope = scope(parts, "name");
    DeliveryId id =
        DeliveryId.parse(parts.group(3))
            .orElseThrow(() -> new Fault.NotFound(Reason.DELIVERY_NOT_FOUND, name));
    return new DeliveryName(scope, id);
  }

  /** An id that no operation can have names none: that is NOT_FOUND, as for any other. */
  public static OperationName operation(String name) {
    Matcher parts =
        match(
            OPERATION,
            "name",
            name,
            "organizations/{organization}/sandboxes/{sandbox}/operations/{operation}");
    Scope scope = scope(parts, "name");
    ReplayId id =
        ReplayId.parse(parts.group(3))
            .orElseThrow(() -> new Fault.NotFound(Reason.OPERATION_NOT_FOUND, name));
    return new OperationName(scope, id);
  }

  /** An id that no record can have names none: that is NOT_FOUND, as for any other. */
  public static AuditRecordName auditRecord(String name) {
    Matcher parts =
        match(
            AUDIT_RECORD,
            "name",
            name,
            "organizations/{organization}/sandboxes/{sandbox}/auditRecords/{audit_record}");
    Scope scope = scope(parts, "name");
    Long id = auditRecordId(parts.group(3));
    if (id == null) {
      throw new Fault.NotFound(Reason.AUDIT_RECORD_NOT_FOUND, name);
    }
    return new AuditRecordName(scope, id);
  }

  /** The last part of a record's name; null for what cannot be one. */
  public static @Nullable Long auditRecordId(String text) {
    try {
      return NUMBER.matcher(text).matches() ? Long.valueOf(text) : null;
    } catch (NumberFormatException _) {
      return null;
    }
  }

  /** A part of a parent's name; null for the wildcard. */
  public static @Nullable String named(String part) {
    return part.equals(Caller.ANY) ? null : part;
  }

  private static Matcher match(Pattern pattern, String field, String name, String form) {
    Matcher parts = pattern.matcher(name);
    if (!parts.matches()) {
      throw Fault.InvalidFields.of(
          Reason.INVALID_FIELDS,
          field,
          name.isEmpty() ? "is required: give " + form : "is no such name: give " + form);
    }
    return parts;
  }

  private static Scope scope(Matcher parts, String field) {
    Scope scope = new Scope(parts.group(1), parts.group(2));
    Violations violations = new Violations();
    scope.check(violations, field);
    violations.refuseIfAny();
    return scope;
  }
}
