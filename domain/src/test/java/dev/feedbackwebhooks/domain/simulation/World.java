package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryIds;
import dev.feedbackwebhooks.domain.delivery.IdSeries;
import dev.feedbackwebhooks.domain.engine.EngineLimits;
import dev.feedbackwebhooks.domain.engine.EngineProbe;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.health.HealthRules;
import dev.feedbackwebhooks.domain.testing.InMemoryDeliveries;
import dev.feedbackwebhooks.domain.testing.InMemoryStore;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One store, the processes that work on it, and what is around them. */
final class World {
  static final HealthRules HEALTH = new HealthRules(Duration.ofDays(5), Duration.ofHours(12));
  static final List<Duration> DELAYS =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(15));
  static final Duration LEASE = Duration.ofSeconds(10);
  static final int LARGEST_PAYLOAD = 4_000;

  /** Processes count their claims from multiples of this. */
  static final long CLAIMS_OF_A_PROCESS = 1_000_000;

  private final RuntimeException outage =
      new Fault.Unavailable(Reason.STORE_UNAVAILABLE, "no space", Duration.ZERO);
  private final RuntimeException bug = new IllegalStateException("a bug of the store");
  private final RuntimeException loss = new IllegalStateException("a bug that loses a claim");
  final Timeline timeline;
  final Weather weather;
  final Ledger ledger;
  final InMemoryStore configStore = new InMemoryStore();
  final InMemoryDeliveries deliveries = new InMemoryDeliveries(configStore);
  final DeliveryIds ids;
  final EngineLimits limits;
  final List<Scope> scopes;
  private final List<Server> servers = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Configs configs;
  private Predicate<DeliveryId> refused = _ -> false;
  private boolean losing;
  private boolean lost;
  private long lastConfigId;
  private int started;

  World(Timeline timeline, EngineLimits limits, int lanes) {
    this.timeline = timeline;
    this.limits = limits;
    this.weather = new Weather(timeline);
    this.ledger = new Ledger(timeline, configStore, this::isRefused);
    this.ids = new DeliveryIds(timeline, IdSeries.whole(0));
    this.scopes = IntStream.range(0, lanes).mapToObj(i -> new Scope("o", "s" + i)).toList();
    this.configs = newConfigs();
  }

  private Configs newConfigs() {
    return new Configs(
        configStore, Samples.rules(), Samples.FINGERPRINTS, timeline, () -> ++lastConfigId);
  }

  /** Starts a process; the first one alone has read no configuration yet. */
  Server start() {
    if (living().isEmpty()) {
      configs = newConfigs();
    }
    note("start of process " + ++started);
    Server server = new Server(this, started);
    servers.add(server);
    server.start();
    return server;
  }

  List<Server> living() {
    return servers.stream().filter(Server::alive).toList();
  }

  /** One that lives, or null. */
  @Nullable Server anyServer() {
    List<Server> living = living();
    return living.isEmpty() ? null : living.get(timeline.below(living.size()));
  }

  Scope anyScope() {
    return scopes.get(timeline.below(scopes.size()));
  }

  void storeFails(boolean byBug) {
    note("store fails");
    fail(byBug ? bug : outage);
  }

  void storeWorks() {
    note("store works");
    fail(null);
  }

  private void fail(@Nullable RuntimeException failure) {
    deliveries.fail(failure);
    configStore.fail(failure);
  }

  /** Refuses what is written of one in so many deliveries, whatever else is. */
  void refuseOneIn(int many) {
    int one = timeline.below(many);
    note("store refuses one in " + many);
    refused = id -> id.value() % many == one;
    deliveries.refuse(delivery -> refused.test(delivery.id()));
  }

  void refuseNone() {
    note("store refuses none");
    refused = _ -> false;
    deliveries.refuse(_ -> false);
  }

  boolean isRefused(DeliveryId id) {
    return refused.test(id);
  }

  /** Some of what the engine does from now on ends in the middle of it, by a bug; or no more. */
  void lose(boolean some) {
    note(some ? "claims get lost" : "no claim gets lost");
    losing = some;
  }

  void mayLose() {
    if (losing && timeline.oneIn(3)) {
      lost = true;
      throw loss;
    }
  }

  /** Whether there was a reason for it. */
  boolean losesClaims() {
    return lost;
  }

  boolean meantToFail(Throwable failure) {
    return failure.equals(outage)
        || failure.equals(bug)
        || failure.equals(loss)
        || failure.equals(deliveries.refusal);
  }

  /** The budget's own word: twice of it, and a payload for each claim that is with the store. */
  long mostMemory() {
    return 2 * limits.memoryBytes()
        + (scopes.size() + 1) * (LARGEST_PAYLOAD + EngineProbe.OVERHEAD);
  }

  void note(String what) {
    notes.add(timeline.elapsed() + " ms: " + what);
  }

  List<String> notes() {
    return notes;
  }

  Configs configs() {
    return configs;
  }
}
