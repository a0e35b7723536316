package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.audit.AuditRecord;
import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.audit.AuditedResource;
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
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Configurations, campaigns and the records of their changes in memory. */
public final class InMemoryStore implements ConfigStore, CampaignStore, AuditStore {
  private static final Comparator<String> BY_UTF8 =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  private static final Comparator<Scope> BY_NAME =
      Comparator.comparing(Scope::organization, BY_UTF8).thenComparing(Scope::sandbox, BY_UTF8);

  private final TreeMap<Scope, WebhookConfig> configs = new TreeMap<>(BY_NAME);
  private final Map<Scope, TreeMap<String, Campaign>> campaigns = new TreeMap<>(BY_NAME);
  private final TreeMap<Long, AuditRecord> records = new TreeMap<>();
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
  public synchronized boolean insert(WebhookConfig config, AuditEntry entry) {
    if (configs.putIfAbsent(config.scope(), config) != null) {
      return false;
    }
    append(entry);
    return true;
  }

  @Override
  public synchronized boolean replace(WebhookConfig next, long expectedVersion, AuditEntry entry) {
    if (!stands(next.scope(), next.id(), expectedVersion)) {
      return false;
    }
    configs.put(next.scope(), next);
    append(entry);
    return true;
  }

  @Override
  public synchronized boolean delete(Scope scope, long id, long expectedVersion, AuditEntry entry) {
    if (!stands(scope, id, expectedVersion)) {
      return false;
    }
    configs.remove(scope);
    append(entry);
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
  public synchronized Put put(Campaign campaign, @Nullable Campaign before, AuditEntry entry) {
    TreeMap<String, Campaign> there =
        campaigns.computeIfAbsent(campaign.scope(), _ -> new TreeMap<>(BY_UTF8));
    if (campaign.webhooksEnabled() && !configs.containsKey(campaign.scope())) {
      return Put.NO_CONFIG;
    }
    if (!Objects.equals(there.get(campaign.id()), before)) {
      return Put.OVERTAKEN;
    }
    there.put(campaign.id(), campaign);
    append(entry);
    return Put.STORED;
  }

  @Override
  public synchronized void append(AuditEntry entry) {
    long id = AuditRecord.nextId(records.isEmpty() ? 0 : records.lastKey(), entry);
    records.put(id, new AuditRecord(id, entry));
  }

  @Override
  public synchronized long newest() {
    return records.isEmpty() ? 0 : records.lastKey();
  }

  @Override
  public synchronized List<Recorded> from(long id, int limit) {
    return records.tailMap(id).values().stream()
        .map(record -> new Recorded(record.id(), record.entry().resource()))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Optional<AuditRecord> find(String organization, String sandbox, long id) {
    return Optional.ofNullable(records.get(id))
        .filter(record -> record.entry().resource().organization().equals(organization))
        .filter(record -> record.entry().resource().sandbox().equals(sandbox));
  }

  @Override
  public synchronized List<AuditRecord> list(AuditFilter filter, @Nullable Long before, int limit) {
    return records
        .headMap(before == null ? Long.MAX_VALUE : before, false)
        .descendingMap()
        .values()
        .stream()
        .filter(record -> matches(filter, record.entry()))
        .limit(limit)
        .toList();
  }

  private static boolean matches(AuditFilter filter, AuditEntry entry) {
    AuditedResource resource = entry.resource();
    return same(filter.organization(), resource.organization())
        && same(filter.sandbox(), resource.sandbox())
        && same(filter.resource(), resource.name())
        && (filter.from() == null || !entry.time().isBefore(filter.from()))
        && (filter.before() == null || entry.time().isBefore(filter.before()));
  }

  private static boolean same(@Nullable String wanted, String actual) {
    return wanted == null || wanted.equals(actual);
  }

  private boolean stands(Scope scope, long id, long version) {
    WebhookConfig stored = configs.get(scope);
    return stored != null && stored.id() == id && stored.version() == version;
  }
}
