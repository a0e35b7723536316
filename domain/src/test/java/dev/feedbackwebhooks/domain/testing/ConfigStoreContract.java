package dev.feedbackwebhooks.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link ConfigStore} keeps. */
public abstract class ConfigStoreContract {
  private static final Scope SCOPE = Samples.SCOPE;

  /** The store under test, empty; the same one within a test. */
  protected abstract ConfigStore configs();

  @Test
  void findsWhatWasInsertedInFull() {
    WebhookConfig full = Samples.fullConfig(SCOPE);
    assertThat(configs().find(SCOPE)).isEmpty();
    assertThat(configs().insert(full, Samples.entry())).isTrue();
    assertThat(configs().find(SCOPE)).contains(full);
    assertThat(configs().find(new Scope("myImsOrg", "dev"))).isEmpty();
    assertThat(configs().find(new Scope("prod", "myImsOrg"))).isEmpty();
  }

  @Test
  void takesOnePerScope() {
    assertThat(configs().insert(Samples.config(), Samples.entry())).isTrue();
    assertThat(configs().insert(Samples.fullConfig(SCOPE), Samples.entry())).isFalse();
    assertThat(configs().find(SCOPE)).contains(Samples.config());
  }

  @Test
  void replacesOnlyTheVersionThatWasRead() {
    WebhookConfig first = Samples.config();
    WebhookConfig second = version(first, 2);
    assertThat(configs().replace(second, 1, Samples.entry())).isFalse();
    assertThat(configs().insert(first, Samples.entry())).isTrue();
    assertThat(configs().replace(second, 1, Samples.entry())).isTrue();
    assertThat(configs().replace(version(first, 2), 1, Samples.entry())).isFalse();
    assertThat(configs().replace(version(Samples.fullConfig(SCOPE), 3), 2, Samples.entry()))
        .as("another configuration of the same scope")
        .isFalse();
    assertThat(configs().find(SCOPE)).contains(second);
  }

  @Test
  void deletesOnlyTheVersionThatWasRead() {
    assertThat(configs().delete(SCOPE, Samples.config().id(), 1, Samples.entry())).isFalse();
    assertThat(configs().insert(Samples.config(), Samples.entry())).isTrue();
    assertThat(configs().delete(SCOPE, Samples.config().id(), 2, Samples.entry())).isFalse();
    assertThat(configs().delete(SCOPE, 1, 1, Samples.entry())).isFalse();
    assertThat(configs().delete(SCOPE, Samples.config().id(), 1, Samples.entry())).isTrue();
    assertThat(configs().find(SCOPE)).isEmpty();
    assertThat(configs().insert(Samples.fullConfig(SCOPE), Samples.entry())).isTrue();
    assertThat(configs().find(SCOPE)).contains(Samples.fullConfig(SCOPE));
  }

  @Test
  void listsByOrganizationThenSandboxInPages() {
    List<Scope> inOrder =
        List.of(
            new Scope("A", "z"),
            new Scope("a", "b"),
            new Scope("a", "é"),
            new Scope("aa", "a"),
            // By UTF-8 a supplementary character comes last; by UTF-16 it would not.
            new Scope("\uff21", "a"),
            new Scope("😀", "a"));
    inOrder
        .reversed()
        .forEach(
            scope -> assertThat(configs().insert(Samples.config(scope), Samples.entry())).isTrue());

    assertThat(scopes(configs().list(null, null, null, 100))).isEqualTo(inOrder);
    assertThat(scopes(configs().list("a", null, null, 100))).isEqualTo(inOrder.subList(1, 3));
    assertThat(scopes(configs().list(null, "a", null, 100))).isEqualTo(inOrder.subList(3, 6));
    assertThat(scopes(configs().list("a", "b", null, 100))).isEqualTo(inOrder.subList(1, 2));
    assertThat(scopes(configs().list(null, null, null, 2))).isEqualTo(inOrder.subList(0, 2));
    assertThat(scopes(configs().list(null, null, inOrder.get(1), 2)))
        .isEqualTo(inOrder.subList(2, 4));
    assertThat(configs().list(null, null, inOrder.getLast(), 2)).isEmpty();
  }

  private static List<Scope> scopes(List<WebhookConfig> configs) {
    return configs.stream().map(WebhookConfig::scope).toList();
  }

  private static WebhookConfig version(WebhookConfig config, long version) {
    return new WebhookConfig(
        config.id(),
        version,
        config.scope(),
        "version " + version,
        config.channels(),
        config.url(),
        config.authentication(),
        config.headers(),
        config.status(),
        config.createTime(),
        config.updateTime());
  }
}
