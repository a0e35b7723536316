package dev.feedbackwebhooks.domain.audit;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records that the other stores append, each in the transaction of its change, and those of
 * what changed nothing. There is no way to change or delete one.
 */
public interface AuditStore {
  /**
   * Writes down what changed nothing. Blocks until it is durable.
   *
   * @throws dev.feedbackwebhooks.domain.fault.Fault.Unavailable if it was not written
   */
  void append(AuditEntry entry);

  /** The id of the newest record; 0 without any. */
  long newest();

  /**
   * The resources that were changed from a record on, in the order of the commits: nothing that is
   * asked for later comes before what was answered once.
   *
   * @param id of the first record
   */
  List<Recorded> from(long id, int limit);

  /** The resource of a record. */
  record Recorded(long id, AuditedResource resource) {}

  Optional<AuditRecord> find(String organization, String sandbox, long id);

  /**
   * Newest first, in the order of the commits.
   *
   * @param before the last id of the page before; null for the first page
   */
  List<AuditRecord> list(AuditFilter filter, @Nullable Long before, int limit);
}
