package dev.feedbackwebhooks.domain.audit;

import dev.feedbackwebhooks.domain.access.Actor;
import java.time.Instant;
import java.util.List;

/**
 * An audit record to be written in the transaction of the change.
 *
 * @param time when it was made
 * @param changes every field that changed; none for a write that left all as it was
 */
public record AuditEntry(
    Instant time,
    Actor who,
    AuditAction action,
    AuditedResource resource,
    List<FieldChange> changes) {
  public AuditEntry {
    changes = List.copyOf(changes);
  }
}
