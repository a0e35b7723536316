package dev.feedbackwebhooks.persistence.postgresql;

/**
 * What each connection is told before anything else: whatever was set for the role, the database or
 * the server, or is set there later, all connections do the same.
 */
final class SessionPins {
  /**
   * Set even where it is so already: what a session did not set itself follows the server's files.
   * A schema that the URL names stays; so does what is stricter about commits.
   */
  private static final String ALL =
      """
      SET statement_timeout = 0;
      SET lock_timeout = 0;
      SET idle_in_transaction_session_timeout = 0;
      SET idle_session_timeout = 0;
      SET default_transaction_isolation = 'read committed';
      SET default_transaction_read_only = off;
      SET default_transaction_deferrable = off;
      SET standard_conforming_strings = on;
      SET transform_null_equals = off;
      SET bytea_output = 'hex';
      SET timezone = 'UTC';
      SET row_security = off;
      SELECT set_config('search_path', '"$user", public', false) FROM pg_settings
        WHERE name = 'search_path' AND source NOT IN ('client', 'session');
      SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'transaction_timeout';
      """;

  /** What is answered must last; a server that was set to something stricter stays so. */
  private static final String DURABLE =
      """
      SELECT set_config('synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply'
          ELSE 'on' END, false)\
      """;

  /**
   * Each statement finds a few rows by their keys. Its plan is made once, when tables may be empty
   * still, and must do for full ones.
   */
  private static final String FOR_KEYS =
      """
      ;
      SET enable_seqscan = off;
      SET enable_hashjoin = off;
      SET enable_mergejoin = off;
      SET enable_indexscan = on;
      SET enable_nestloop = on;
      SET enable_partition_pruning = on;
      SET jit = off\
      """;

  /** What makes tables, and what a command reads whole. */
  static final String COMMON = ALL + DURABLE;

  /** What is asked for has an index; a plan that was made for an empty table must do for a day. */
  static final String READER = COMMON + ";\nSET enable_seqscan = off;\nSET jit = off";

  /** What a node that stopped in the middle of a transaction has locked, others wait for. */
  static final String WRITER =
      COMMON + FOR_KEYS + ";\nSET idle_in_transaction_session_timeout = '10s'";

  /** Who stops while it has the tables to itself keeps all others waiting. */
  static final String UPKEEP =
      COMMON + FOR_KEYS + ";\nSET idle_in_transaction_session_timeout = '3s'";

  /** What is written again if the server loses it. */
  static final String FORGETFUL = ALL + "SET synchronous_commit = off";

  private SessionPins() {}
}
