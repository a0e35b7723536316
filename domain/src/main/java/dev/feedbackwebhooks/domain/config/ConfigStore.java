package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps configurations: at most one per scope. Every method is one transaction and durable when it
 * returns. Those that change something append the audit record of it in the same transaction: there
 * is neither without the other.
 */
public interface ConfigStore {
  Optional<WebhookConfig> find(Scope scope);

  /**
   * Configurations ordered by organization, then sandbox (by UTF-8 bytes), so that a page stays
   * right while others are inserted.
   *
   * @param organization null for every organization
   * @param sandbox null for every sandbox
   * @param after the last scope of the page before; null for the first page
   */
  List<WebhookConfig> list(
      @Nullable String organization, @Nullable String sandbox, @Nullable Scope after, int limit);

  /** Answers false, and changes nothing, if the scope has a configuration already. */
  boolean insert(WebhookConfig config, AuditEntry entry);

  /**
   * Replaces the configuration of {@code next.scope()} if it still has {@code next.id()} and {@code
   * expectedVersion}; answers whether it did.
   */
  boolean replace(WebhookConfig next, long expectedVersion, AuditEntry entry);

  /** Deletes the configuration if it still has this id and version; answers whether it did. */
  boolean delete(Scope scope, long id, long expectedVersion, AuditEntry entry);
}
