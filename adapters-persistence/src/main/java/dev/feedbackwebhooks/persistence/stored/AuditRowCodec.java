package dev.feedbackwebhooks.persistence.stored;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.audit.FieldChange;
import dev.feedbackwebhooks.domain.audit.FieldValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one codec between audit records and the JSON in their rows. */
public final class AuditRowCodec {
  private static final ObjectMapper JSON =
      JsonMapper.builder().defaultPropertyInclusion(notNull()).build();

  private static final TypeReference<List<Change>> CHANGES = new TypeReference<>() {};

  private enum Kind {
    ANONYMOUS,
    CERTIFICATE,
    TOKEN,
    SERVICE
  }

  private record Certificate(String subject, String issuer, String serialNumber) {}

  private record Who(
      Kind kind,
      @Nullable String subject,
      @Nullable String issuer,
      @Nullable Certificate certificate) {}

  private record Value(@Nullable String text, @Nullable String fingerprint) {}

  private record Change(String field, @Nullable Value before, @Nullable Value after) {}

  private AuditRowCodec() {}

  private static JsonInclude.Value notNull() {
    return JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS);
  }

  public static String encode(Actor who) {
    return json(
        switch (who) {
          case Actor.Anonymous _ -> new Who(Kind.ANONYMOUS, null, null, null);
          case Actor.Service _ -> new Who(Kind.SERVICE, null, null, null);
          case Actor.Certificate shown -> new Who(Kind.CERTIFICATE, null, null, certificate(shown));
          case Actor.Token(var subject, var issuer, var shown) ->
              new Who(Kind.TOKEN, subject, issuer, shown == null ? null : certificate(shown));
        });
  }

  public static String encode(List<FieldChange> changes) {
    return json(
        changes.stream()
            .map(
                change -> new Change(change.field(), value(change.before()), value(change.after())))
            .toList());
  }

  public static Actor who(String json) {
    try {
      Who who = JSON.readValue(json, Who.class);
      Certificate shown = who.certificate();
      Actor.Certificate certificate =
          shown == null
              ? null
              : new Actor.Certificate(shown.subject(), shown.issuer(), shown.serialNumber());
      return switch (who.kind()) {
        case ANONYMOUS -> new Actor.Anonymous();
        case SERVICE -> new Actor.Service();
        case CERTIFICATE -> there(certificate);
        case TOKEN -> new Actor.Token(there(who.subject()), who.issuer(), certificate);
      };
    } catch (JacksonException e) {
      throw new IllegalStateException("a record's author is no JSON", e);
    }
  }

  public static List<FieldChange> changes(String json) {
    try {
      return JSON.readValue(json, CHANGES).stream()
          .map(change ->
              new FieldChange(change.field(), value(change.before()), value(change.after())))
          .toList();
    } catch (JacksonException e) {
      throw new IllegalStateException("a record's changes are no JSON", e);
    }
  }

  private static Certificate certificate(Actor.Certificate shown) {
    return new Certificate(shown.subject(), shown.issuer(), shown.serialNumber());
  }

  private static @Nullable Value value(@Nullable FieldValue value) {
    return switch (value) {
      case null -> null;
      case FieldValue.Shown(var text) -> new Value(text, null);
      case FieldValue.Hidden(var fingerprint) -> new Value(null, fingerprint);
    };
  }

  private static @Nullable FieldValue value(@Nullable Value value) {
    if (value == null) {
      return null;
    }
    return value.text() != null
        ? new FieldValue.Shown(value.text())
        : new FieldValue.Hidden(there(value.fingerprint()));
  }

  private static <T> T there(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("a record lacks a part");
    }
    return part;
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JacksonException e) {
      throw new IllegalStateException("a record can be written as JSON", e);
    }
  }
}
