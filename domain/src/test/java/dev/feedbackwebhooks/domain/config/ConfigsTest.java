package dev.feedbackwebhooks.domain.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.testing.InMemoryStore;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigsTest {
  private static final Scope SCOPE = Samples.SCOPE;

  private final AtomicLong ids = new AtomicLong();
  private final InMemoryStore store = new InMemoryStore();
  private final Configs configs =
      new Configs(
          store,
          Samples.rules(),
          Samples.FINGERPRINTS,
          new SettableClock(Samples.NOW),
          ids::incrementAndGet);

  @Test
  void theCachedAnswerFollowsEveryChangeAndListenersHearOfIt() {
    List<Scope> heard = new ArrayList<>();
    configs.onChange(heard::add);
    assertThat(configs.current(SCOPE)).isEmpty();
    WebhookConfig created = configs.create(Samples.WHO, Samples.draft(), false);
    assertThat(configs.current(SCOPE)).contains(created);
    WebhookConfig updated = configs.update(Samples.WHO, created, Samples.draft(), false);
    assertThat(configs.current(SCOPE)).contains(updated);
    assertThat(configs.disableByEndpoint(created, Samples.NOW)).isTrue();
    assertThat(configs.current(SCOPE).orElseThrow().status().active()).isFalse();
    configs.delete(Samples.WHO, SCOPE, "");
    assertThat(configs.current(SCOPE)).isEmpty();
    assertThat(heard).containsExactly(SCOPE, SCOPE, SCOPE, SCOPE);
  }

  @Test
  void whatIsInMemoryIsBoundedByItsBytes() {
    Secret large = Secret.of("x".repeat(16 << 10));
    int loaded = 5_000;
    for (int i = 0; i < loaded; i++) {
      WebhookConfig plain = Samples.config(new Scope("o", "s" + i));
      assertThat(store.insert(withHeader(plain, large), Samples.entry())).isTrue();
      assertThat(configs.current(plain.scope())).isPresent();
    }
    long known =
        IntStream.range(0, loaded)
            .filter(i -> configs.known(new Scope("o", "s" + i)) instanceof Configs.Known.As)
            .count();
    assertThat(known).isBetween(1L, 3_000L);
  }

  /** Or it would stay in memory until the next change. */
  @Test
  void aChangeElsewhereIsNotOvertakenByAnAnswerThatWasReadBefore() throws Exception {
    SlowStore slow = new SlowStore(store);
    Configs here =
        new Configs(
            slow,
            Samples.rules(),
            Samples.FINGERPRINTS,
            new SettableClock(Samples.NOW),
            ids::incrementAndGet);
    var _ = configs.create(Samples.WHO, Samples.draft(), false);
    for (Runnable forget :
        List.<Runnable>of(() -> here.changedElsewhere(SCOPE), here::anyChangedElsewhere)) {
      here.changedElsewhere(SCOPE);
      CountDownLatch goesOn = new CountDownLatch(1);
      slow.until = goesOn;
      Thread reading = Thread.ofPlatform().start(() -> here.current(SCOPE));
      slow.wasRead.acquire();
      WebhookConfig next = configs.update(Samples.WHO, configs.get(SCOPE), Samples.draft(), false);
      Thread forgetting = Thread.ofPlatform().start(forget);
      while (forgetting.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      goesOn.countDown();
      reading.join();
      forgetting.join();
      assertThat(here.current(SCOPE)).contains(next);
      slow.wasRead.acquire();
    }
  }

  /** Answers what it found once it may. */
  private static final class SlowStore implements ConfigStore {
    private final ConfigStore store;
    private final Semaphore wasRead = new Semaphore(0);
    private volatile CountDownLatch until = new CountDownLatch(0);

    SlowStore(ConfigStore store) {
      this.store = store;
    }

    @Override
    public Optional<WebhookConfig> find(Scope scope) {
      Optional<WebhookConfig> found = store.find(scope);
      wasRead.release();
      try {
        until.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return found;
    }

    @Override
    public List<WebhookConfig> list(
        @Nullable String organization, @Nullable String sandbox, @Nullable Scope after, int limit) {
      return store.list(organization, sandbox, after, limit);
    }

    @Override
    public boolean insert(WebhookConfig config, AuditEntry entry) {
      return store.insert(config, entry);
    }

    @Override
    public boolean replace(WebhookConfig next, long expectedVersion, AuditEntry entry) {
      return store.replace(next, expectedVersion, entry);
    }

    @Override
    public boolean delete(Scope scope, long id, long expectedVersion, AuditEntry entry) {
      return store.delete(scope, id, expectedVersion, entry);
    }
  }

  private static WebhookConfig withHeader(WebhookConfig config, Secret value) {
    return new WebhookConfig(
        config.id(),
        config.version(),
        config.scope(),
        config.displayName(),
        config.channels(),
        config.url(),
        config.authentication(),
        List.of(new HeaderParameter("x-large", value, false)),
        config.status(),
        config.createTime(),
        config.updateTime());
  }

  @Test
  void anUpdateOfSomethingOlderIsStale() {
    WebhookConfig first = configs.create(Samples.WHO, Samples.draft(), false);
    var _ = configs.update(Samples.WHO, first, Samples.draft(), false);
    assertThatThrownBy(() -> configs.update(Samples.WHO, first, Samples.draft(), false))
        .isInstanceOf(Fault.Stale.class);
  }

  @Test
  void anEndpointDisablesOnlyTheConfigurationThatItWasSentFor() {
    WebhookConfig first = configs.create(Samples.WHO, Samples.draft(), false);
    configs.delete(Samples.WHO, SCOPE, "");
    var _ = configs.create(Samples.WHO, Samples.draft(), false);
    assertThat(configs.disableByEndpoint(first, Samples.NOW)).isFalse();
    assertThat(configs.get(SCOPE).status().active()).isTrue();
  }

  @Test
  void allBrokenRulesAreToldAtOnce() {
    ConfigDraft bad = new ConfigDraft(SCOPE, "", List.of(), "http://a", null, List.of(), true);
    assertThatThrownBy(() -> configs.create(Samples.WHO, bad, false))
        .isInstanceOfSatisfying(
            Fault.InvalidFields.class, fault -> assertThat(fault.violations()).hasSize(3));
    assertThat(configs.current(SCOPE)).isEmpty();
  }

  @Test
  void noSecretIsInAnyText() {
    assertThat(Samples.fullConfig(SCOPE).toString() + Samples.jwt())
        .doesNotContain("s3cr3t")
        .doesNotContain("0123456789");
  }
}
