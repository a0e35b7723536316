package dev.feedbackwebhooks.grpc.codec;

import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.AuditRecord;
import dev.feedbackwebhooks.domain.audit.FieldChange;
import dev.feedbackwebhooks.domain.audit.FieldValue;
import dev.feedbackwebhooks.proto.v1.AuditAction;
import dev.feedbackwebhooks.proto.v1.AuditActor;
import dev.feedbackwebhooks.proto.v1.AuditAuthentication;
import dev.feedbackwebhooks.proto.v1.ClientCertificate;

/** Audit records on the wire. */
public final class AuditCodec {
  private AuditCodec() {}

  public static dev.feedbackwebhooks.proto.v1.AuditRecord toProto(AuditRecord record) {
    AuditEntry entry = record.entry();
    return dev.feedbackwebhooks.proto.v1.AuditRecord.newBuilder()
        .setName(record.name())
        .setCreateTime(TimeCodec.toProto(entry.time()))
        .setActor(toProto(entry.who()))
        .setAction(AuditAction.valueOf("AUDIT_ACTION_" + entry.action().name()))
        .setResource(entry.resource().name())
        .addAllChanges(entry.changes().stream().map(AuditCodec::toProto).toList())
        .build();
  }

  private static AuditActor toProto(Actor who) {
    AuditActor.Builder actor = AuditActor.newBuilder();
    switch (who) {
      case Actor.Anonymous _ ->
          actor.setAuthentication(AuditAuthentication.AUDIT_AUTHENTICATION_ANONYMOUS);
      case Actor.Service _ ->
          actor.setAuthentication(AuditAuthentication.AUDIT_AUTHENTICATION_SERVICE);
      case Actor.Certificate shown ->
          actor
              .setAuthentication(AuditAuthentication.AUDIT_AUTHENTICATION_CERTIFICATE)
              .setSubject(shown.subject())
              .setIssuer(shown.issuer())
              .setCertificate(toProto(shown));
      case Actor.Token(var subject, var issuer, var shown) -> {
        actor
            .setAuthentication(AuditAuthentication.AUDIT_AUTHENTICATION_TOKEN)
            .setSubject(subject)
            .setIssuer(issuer == null ? "" : issuer);
        if (shown != null) {
          actor.setCertificate(toProto(shown));
        }
      }
    }
    return actor.build();
  }

  private static ClientCertificate toProto(Actor.Certificate certificate) {
    return ClientCertificate.newBuilder()
        .setSubject(certificate.subject())
        .setIssuer(certificate.issuer())
        .setSerialNumber(certificate.serialNumber())
        .build();
  }

  private static dev.feedbackwebhooks.proto.v1.FieldChange toProto(FieldChange change) {
    var proto = dev.feedbackwebhooks.proto.v1.FieldChange.newBuilder().setField(change.field());
    if (change.before() != null) {
      proto.setBefore(toProto(change.before()));
    }
    if (change.after() != null) {
      proto.setAfter(toProto(change.after()));
    }
    return proto.build();
  }

  private static dev.feedbackwebhooks.proto.v1.FieldValue toProto(FieldValue value) {
    var proto = dev.feedbackwebhooks.proto.v1.FieldValue.newBuilder();
    return switch (value) {
      case FieldValue.Shown(var text) -> proto.setText(text).build();
      case FieldValue.Hidden(var fingerprint) -> proto.setFingerprint(fingerprint).build();
    };
  }
}
