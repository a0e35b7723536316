package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.campaign.Campaign;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Configurations and campaigns in memory. */
public final class InMemoryStore implements ConfigStore, CampaignStore {
  private static final Comparator<String> BY_UTF8 =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  private static final Comparator<Scope> BY_NAME =
      Comparator.comparing(Scope::organization, BY_UTF8).thenComparing(Scope::sandbox, BY_UTF8);

  private final TreeMap<Scope, WebhookConfig> configs = new TreeMap<>(BY_NAME);
  private final Map<Scope, TreeMap<String, Campaign>> campaigns = new TreeMap<>(BY_NAME);
  private @Nullable RuntimeException outage;

  /** Makes every later search for a configuration fail; null ends the outage. */
  public synchronized void fail(@Nullable RuntimeException failure) {
    outage = failure;
  }

  @Override
  public synchronized Optional<WebhookConfig> find(Scope scope) {
    if (outage != null) {
      throw outage;
    }
    return Optional.ofNullable(configs.get(scope));
  }

  @Override
  public synchronized List<WebhookConfig> list(
      @Nullable String organization, @Nullable String sandbox, @Nullable Scope after, int limit) {
    return configs.values().stream()
        .filter(
            config -> organization == null || organization.equals(config.scope().organization()))
        .filter(config -> sandbox == null || sandbox.equals(config.scope().sandbox()))
        .filter(config -> after == null || BY_NAME.compare(config.scope(), after) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized boolean insert(WebhookConfig config) {
    return configs.putIfAbsent(config.scope(), config) == null;
  }

  @Override
  public synchronized boolean replace(WebhookConfig next, long expectedVersion) {
    if (!stands(next.scope(), next.id(), expectedVersion)) {
      return false;
    }
    configs.put(next.scope(), next);
    return true;
  }

  @Override
  public synchronized boolean delete(Scope scope, long id, long expectedVersion) {
    if (!stands(scope, id, expectedVersion)) {
      return false;
    }
    configs.remove(scope);
    return true;
  }

  @Override
  public synchronized Optional<Campaign> find(Scope scope, String id) {
    return Optional.ofNullable(campaigns.getOrDefault(scope, new TreeMap<>(BY_UTF8)).get(id));
  }

  @Override
  public synchronized List<Campaign> list(Scope scope, @Nullable String after, int limit) {
    return campaigns.getOrDefault(scope, new TreeMap<>(BY_UTF8)).values().stream()
        .filter(campaign -> after == null || BY_UTF8.compare(campaign.id(), after) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized boolean put(Campaign campaign) {
    if (campaign.webhooksEnabled() && !configs.containsKey(campaign.scope())) {
      return false;
    }
    campaigns
        .computeIfAbsent(campaign.scope(), _ -> new TreeMap<>(BY_UTF8))
        .put(campaign.id(), campaign);
    return true;
  }

  private boolean stands(Scope scope, long id, long version) {
    WebhookConfig stored = configs.get(scope);
    return stored != null && stored.id() == id && stored.version() == version;
  }
}
