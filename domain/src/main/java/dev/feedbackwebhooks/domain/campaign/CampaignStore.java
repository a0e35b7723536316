package dev.feedbackwebhooks.domain.campaign;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.Scope;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps campaigns' opt-ins. Every method is one transaction and durable when it returns. */
public interface CampaignStore {
  Optional<Campaign> find(Scope scope, String id);

  /**
   * Campaigns of a scope ordered by id (by UTF-8 bytes).
   *
   * @param after the last id of the page before; null for the first page
   */
  List<Campaign> list(Scope scope, @Nullable String after, int limit);

  /**
   * Inserts or replaces, and appends the audit record of it in the same transaction. An enabled
   * campaign needs a configuration in its scope.
   *
   * @param before the opt-in that the entry was written for; null for none
   */
  Put put(Campaign campaign, @Nullable Campaign before, AuditEntry entry);

  /** The result of a {@link #put}. */
  enum Put {
    STORED,
    /** Nothing was changed: the scope has no configuration. */
    NO_CONFIG,
    /** Nothing was changed: another opt-in than {@code before} is stored. */
    OVERTAKEN
  }
}
