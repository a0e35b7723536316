package dev.feedbackwebhooks.domain.audit;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads audit records. Blocks its caller. */
public final class AuditTrail {
  private final AuditStore store;

  public AuditTrail(AuditStore store) {
    this.store = store;
  }

  /**
   * @throws Fault.NotFound if there is none
   */
  public AuditRecord get(String organization, String sandbox, long id) {
    return store
        .find(organization, sandbox, id)
        .orElseThrow(() ->
            new Fault.NotFound(
                Reason.AUDIT_RECORD_NOT_FOUND, AuditRecord.name(organization, sandbox, id)));
  }

  /** See {@link AuditStore#list}. */
  public List<AuditRecord> list(AuditFilter filter, @Nullable Long before, int limit) {
    return store.list(filter, before, limit);
  }
}
