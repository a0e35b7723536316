package dev.feedbackwebhooks.persistence.stored;

/** What rows of earlier versions leave to their body to tell, as SQLite reads it. */
public final class EarlierRows {
  /** Of a delivery d; null where a row of an earlier version has lost its body. */
  public static final String EXECUTION =
      """
      COALESCE(d.execution_id, (
        SELECT json_extract(CAST(body AS TEXT), '$.messageExecution.messageExecutionID')
        FROM payload WHERE delivery_id = d.id))
      """;

  /** Of a payload p, as a JSON array. */
  public static final String RECIPIENTS =
      """
      COALESCE(p.recipients, (
        SELECT json_group_array(atom)
        FROM json_tree(CAST(p.body AS TEXT), '$.identityMap') WHERE key = 'id' AND atom IS NOT NULL))
      """;

  private EarlierRows() {}
}
