package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.audit.AuditRecord;
import dev.feedbackwebhooks.domain.campaign.Campaign;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.Backlog;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliveryStats;
import dev.feedbackwebhooks.domain.health.EndpointHealth;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All that a store answers of what it holds. */
record Picture(
    List<WebhookConfig> configs,
    List<Campaign> campaigns,
    Map<Scope, EndpointHealth> health,
    List<AuditRecord> audit,
    List<Replay> replays,
    List<Replay> running,
    ReplayTally survey,
    Optional<Replay> ofRequest,
    String fingerprint,
    Backlog backlog,
    List<DeliveryStats> stats,
    List<Delivery> deliveries,
    List<List<DeliveryId>> found) {
  private static final int ALL = 100_000;
  private static final AuditFilter ANY = new AuditFilter(null, null, null, null, null);

  /**
   * @param many deliveries, as {@link LivedStore} numbers them
   */
  static Picture of(Ports ports, int many) {
    List<Scope> scopes = List.of(LivedStore.SCOPE, LivedStore.HELD, LivedStore.GONE);
    return new Picture(
        ports.configs().list(null, null, null, ALL),
        ports.campaigns().list(LivedStore.SCOPE, null, ALL),
        ports.health().all(),
        ports.audit().list(ANY, null, ALL),
        ports.replays().list(LivedStore.SCOPE, null, null, ALL),
        ports.replays().running(),
        ports.replays().survey(LivedStore.SCOPE, LivedStore.DELIVERED),
        ports.replays().ofRequest(LivedStore.SCOPE, "wish"),
        ports.fingerprints().of("a/b", Secret.of("secret")),
        ports.book().backlog(),
        scopes.stream().map(ports.book()::stats).toList(),
        scopes.stream().flatMap(scope -> deliveries(ports, scope, many).stream()).toList(),
        scopes.stream().flatMap(scope -> searches(ports, scope).stream()).toList());
  }

  private static List<Delivery> deliveries(Ports ports, Scope scope, int many) {
    return IntStream.range(0, many)
        .mapToObj(number -> ports.book().find(scope, LivedStore.id(number)))
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<List<DeliveryId>> searches(Ports ports, Scope scope) {
    List<DeliveryFilter> filters = new ArrayList<>();
    Arrays.stream(DeliveryState.values()).forEach(state -> filters.add(filter(state, null, null)));
    filters.add(filter(null, "execution-3", null));
    filters.add(filter(null, null, "e-9@luma.com"));
    filters.add(filter(null, null, "\"é\\\"@luma.com"));
    return filters.stream()
        .map(filter -> ports.book().list(scope, filter, null, ALL))
        .map(DeliveryPage::deliveries)
        .map(page -> page.stream().map(Delivery::id).toList())
        .toList();
  }

  private static DeliveryFilter filter(
      @Nullable DeliveryState state, @Nullable String execution, @Nullable String recipient) {
    return new DeliveryFilter(state, null, null, null, execution, recipient, null, null);
  }
}
