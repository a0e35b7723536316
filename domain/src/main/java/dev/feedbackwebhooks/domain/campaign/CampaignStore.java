package dev.feedbackwebhooks.domain.campaign;

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
   * Inserts or replaces. An enabled campaign needs a configuration in its scope, checked in the
   * same transaction: without one, answers false and changes nothing.
   */
  boolean put(Campaign campaign);
}
