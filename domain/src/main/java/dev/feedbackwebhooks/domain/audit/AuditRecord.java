package dev.feedbackwebhooks.domain.audit;

/**
 * An entry that was written down, for ever.
 *
 * @param id positive; grows in the order of the commits, and as a rule with time
 */
public record AuditRecord(long id, AuditEntry entry) {
  private static final int COUNTER_BITS = 21;

  /**
   * The id of the record that follows.
   *
   * @param last the id of the newest record; 0 without any
   */
  public static long nextId(long last, AuditEntry entry) {
    return Math.max(last + 1, entry.time().toEpochMilli() << COUNTER_BITS);
  }

  public String name() {
    return name(entry.resource().organization(), entry.resource().sandbox(), id);
  }

  static String name(String organization, String sandbox, long id) {
    return "organizations/" + organization + "/sandboxes/" + sandbox + "/auditRecords/" + id;
  }
}
