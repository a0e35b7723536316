package dev.feedbackwebhooks.domain.campaign;

import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.audit.AuditAction;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.FieldChange;
import dev.feedbackwebhooks.domain.audit.FieldValue;
import dev.feedbackwebhooks.domain.campaign.CampaignStore.Put;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.fault.Violations;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The rules of a campaign's opt-in, and the cached answer that intake asks for every event. */
public final class Campaigns {
  /** More opt-ins than this are read from the store again: bounds memory at some tens of MB. */
  private static final int CACHED = 100_000;

  private record Key(Scope scope, String id) {}

  private final CampaignStore store;
  private final InstantSource clock;
  private final ConcurrentMap<Key, Boolean> enabled = new ConcurrentHashMap<>();

  public Campaigns(CampaignStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Whether feedback of this campaign goes out; false for one that nobody enabled. */
  public boolean enabled(Scope scope, String id) {
    if (enabled.size() >= CACHED) {
      enabled.clear();
    }
    // Within computeIfAbsent a concurrent put() waits, then forgets what was read before it.
    return enabled.computeIfAbsent(
        new Key(scope, id),
        key -> store.find(key.scope(), key.id()).map(Campaign::webhooksEnabled).orElse(false));
  }

  /**
   * @throws Fault.NotFound if nobody touched this campaign yet
   */
  public Campaign get(Scope scope, String id) {
    return store
        .find(scope, id)
        .orElseThrow(() -> new Fault.NotFound(Reason.CAMPAIGN_NOT_FOUND, Campaign.name(scope, id)));
  }

  public List<Campaign> list(Scope scope, @Nullable String after, int limit) {
    return store.list(scope, after, limit);
  }

  /**
   * Opts a campaign in or out.
   *
   * @throws Fault.InvalidFields for an illegal name
   * @throws Fault.NotNow when enabling where no configuration exists
   */
  public Campaign put(Actor who, Scope scope, String id, boolean webhooksEnabled) {
    Violations violations = new Violations();
    scope.check(violations, "campaign.name");
    violations.resourceId("campaign.name", "campaign", id);
    violations.refuseIfAny();
    Campaign campaign = new Campaign(scope, id, webhooksEnabled, clock.instant());
    Put put = put(who, campaign);
    enabled.remove(new Key(scope, id));
    if (put == Put.NO_CONFIG) {
      throw new Fault.NotNow(
          Reason.CONFIG_REQUIRED,
          scope.configName(),
          "no configuration exists in " + scope.name() + ": create its webhookConfig first");
    }
    return campaign;
  }

  /** Forgets a campaign's opt-in, which was changed elsewhere. May wait for the store. */
  public void changedElsewhere(Scope scope, String id) {
    enabled.remove(new Key(scope, id));
  }

  /** The same if nobody knows whose. */
  public void anyChangedElsewhere() {
    enabled.clear();
  }

  private Put put(Actor who, Campaign campaign) {
    while (true) {
      Campaign before = store.find(campaign.scope(), campaign.id()).orElse(null);
      Put put = store.put(campaign, before, entry(who, before, campaign));
      if (put != Put.OVERTAKEN) {
        return put;
      }
    }
  }

  private static AuditEntry entry(Actor who, @Nullable Campaign before, Campaign after) {
    return new AuditEntry(
        after.updateTime(),
        who,
        after.webhooksEnabled() ? AuditAction.OPT_IN_CAMPAIGN : AuditAction.OPT_OUT_CAMPAIGN,
        after.scope().audited(after.name()),
        FieldChange.between(fields(before), fields(after)));
  }

  private static Map<String, FieldValue> fields(@Nullable Campaign campaign) {
    return campaign == null
        ? Map.of()
        : Map.of(
            "webhooks_enabled", new FieldValue.Shown(String.valueOf(campaign.webhooksEnabled())));
  }
}
