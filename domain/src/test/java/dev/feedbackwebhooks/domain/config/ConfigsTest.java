package dev.feedbackwebhooks.domain.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.testing.InMemoryStore;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConfigsTest {
  private static final Scope SCOPE = Samples.SCOPE;

  private final AtomicLong ids = new AtomicLong();
  private final Configs configs =
      new Configs(
          new InMemoryStore(),
          Samples.rules(),
          new SettableClock(Samples.NOW),
          ids::incrementAndGet);

  @Test
  void theCachedAnswerFollowsEveryChangeAndListenersHearOfIt() {
    List<Scope> heard = new ArrayList<>();
    configs.onChange(heard::add);
    assertThat(configs.current(SCOPE)).isEmpty();
    WebhookConfig created = configs.create(Samples.draft(), false);
    assertThat(configs.current(SCOPE)).contains(created);
    WebhookConfig updated = configs.update(created, Samples.draft(), false);
    assertThat(configs.current(SCOPE)).contains(updated);
    assertThat(configs.disableByEndpoint(created, Samples.NOW)).isTrue();
    assertThat(configs.current(SCOPE).orElseThrow().status().active()).isFalse();
    configs.delete(SCOPE, "");
    assertThat(configs.current(SCOPE)).isEmpty();
    assertThat(heard).containsExactly(SCOPE, SCOPE, SCOPE, SCOPE);
  }

  @Test
  void anUpdateOfSomethingOlderIsStale() {
    WebhookConfig first = configs.create(Samples.draft(), false);
    var _ = configs.update(first, Samples.draft(), false);
    assertThatThrownBy(() -> configs.update(first, Samples.draft(), false))
        .isInstanceOf(Fault.Stale.class);
  }

  @Test
  void anEndpointDisablesOnlyTheConfigurationThatItWasSentFor() {
    WebhookConfig first = configs.create(Samples.draft(), false);
    configs.delete(SCOPE, "");
    var _ = configs.create(Samples.draft(), false);
    assertThat(configs.disableByEndpoint(first, Samples.NOW)).isFalse();
    assertThat(configs.get(SCOPE).status().active()).isTrue();
  }

  @Test
  void allBrokenRulesAreToldAtOnce() {
    ConfigDraft bad = new ConfigDraft(SCOPE, "", List.of(), "http://a", null, List.of(), true);
    assertThatThrownBy(() -> configs.create(bad, false))
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
