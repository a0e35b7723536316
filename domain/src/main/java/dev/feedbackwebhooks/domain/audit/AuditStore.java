package dev.feedbackwebhooks.domain.audit;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records that the other stores append, each in the transaction of its change. There is no way
 * to change or delete one.
 */
public interface AuditStore {
  Optional<AuditRecord> find(String organization, String sandbox, long id);

  /**
   * Newest first, in the order of the commits.
   *
   * @param before the last id of the page before; null for the first page
   */
  List<AuditRecord> list(AuditFilter filter, @Nullable Long before, int limit);
}
