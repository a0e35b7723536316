package dev.feedbackwebhooks.grpc.service;

import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.audit.AuditTrail;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.grpc.codec.AuditCodec;
import dev.feedbackwebhooks.grpc.query.FilterText;
import dev.feedbackwebhooks.grpc.query.Page;
import dev.feedbackwebhooks.grpc.query.ResourceNames;
import dev.feedbackwebhooks.grpc.query.ResourceNames.AuditRecordName;
import dev.feedbackwebhooks.proto.v1.AuditRecord;
import dev.feedbackwebhooks.proto.v1.AuditServiceGrpc;
import dev.feedbackwebhooks.proto.v1.GetAuditRecordRequest;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsRequest;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Audit records over gRPC. */
public final class AuditGrpcService extends AuditServiceGrpc.AuditServiceImplBase {
  private static final int MOST_RECORDS = 100;

  /** Clients take 4 MiB unless told otherwise; a record may have some ten KiB. */
  private static final int MOST_BYTES = 2 << 20;

  private static final String FORM =
      "give comparisons like create_time >= \"2026-11-24T09:00:00Z\"; the fields are resource and"
          + " create_time";

  private final AuditTrail audit;

  public AuditGrpcService(AuditTrail audit) {
    this.audit = audit;
  }

  @Override
  public void getAuditRecord(GetAuditRecordRequest request, StreamObserver<AuditRecord> caller) {
    Answers.answer(
        caller,
        () -> {
          AuditRecordName name = ResourceNames.auditRecord(request.getName());
          Scope scope = name.scope();
          return AuditCodec.toProto(audit.get(scope.organization(), scope.sandbox(), name.id()));
        });
  }

  @Override
  public void listAuditRecords(
      ListAuditRecordsRequest request, StreamObserver<ListAuditRecordsResponse> caller) {
    Answers.answer(caller, () -> list(request));
  }

  private ListAuditRecordsResponse list(ListAuditRecordsRequest request) {
    Scope parent = ResourceNames.wildcardParent(request.getParent());
    AuditFilter filter = filter(parent, request.getFilter());
    Page asked =
        Page.of(
            "auditRecords " + parent.name() + " " + request.getFilter(),
            Math.min(request.getPageSize(), MOST_RECORDS),
            request.getPageToken());
    Long before = asked.after() == null ? null : ResourceNames.auditRecordId(asked.after());
    List<dev.feedbackwebhooks.domain.audit.AuditRecord> found =
        audit.list(filter, before, asked.limit());
    List<AuditRecord> fitting = fitting(asked.items(found));
    Page page = asked.cutTo(fitting.size());
    return ListAuditRecordsResponse.newBuilder()
        .addAllAuditRecords(fitting)
        .setNextPageToken(page.next(found, record -> String.valueOf(record.id())))
        .build();
  }

  private static AuditFilter filter(Scope parent, String filter) {
    FilterText text = FilterText.read(filter, Set.of("resource"), FORM);
    return new AuditFilter(
        ResourceNames.named(parent.organization()),
        ResourceNames.named(parent.sandbox()),
        text.equal("resource"),
        text.from(),
        text.before());
  }

  /** As many as one answer may hold, and one at least. */
  private static List<AuditRecord> fitting(
      List<dev.feedbackwebhooks.domain.audit.AuditRecord> found) {
    List<AuditRecord> fitting = new ArrayList<>();
    long bytes = 0;
    for (var record : found) {
      AuditRecord proto = AuditCodec.toProto(record);
      bytes += proto.getSerializedSize();
      if (!fitting.isEmpty() && bytes > MOST_BYTES) {
        break;
      }
      fitting.add(proto);
    }
    return fitting;
  }
}
