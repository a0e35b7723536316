package dev.feedbackwebhooks.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.campaign.Campaign;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.config.Scope;
import org.junit.jupiter.api.Test;

/** What every {@link CampaignStore} keeps. */
public abstract class CampaignStoreContract {
  private static final Scope SCOPE = Samples.SCOPE;

  /** The store under test, empty. */
  protected abstract CampaignStore campaigns();

  /** The configurations beside it. */
  protected abstract ConfigStore configs();

  @Test
  void enablesOnlyWhereAConfigurationIs() {
    assertThat(campaigns().put(campaign("c", true))).isFalse();
    assertThat(campaigns().find(SCOPE, "c")).isEmpty();
    assertThat(campaigns().put(campaign("c", false))).isTrue();
    assertThat(configs().insert(Samples.config())).isTrue();
    assertThat(campaigns().put(campaign("c", true))).isTrue();
    assertThat(campaigns().find(SCOPE, "c")).contains(campaign("c", true));
  }

  @Test
  void replacesWhatWasPutBefore() {
    assertThat(configs().insert(Samples.config())).isTrue();
    assertThat(campaigns().put(campaign("c", true))).isTrue();
    assertThat(campaigns().put(campaign("c", false))).isTrue();
    assertThat(campaigns().find(SCOPE, "c")).contains(campaign("c", false));
    assertThat(campaigns().find(new Scope("myImsOrg", "dev"), "c")).isEmpty();
  }

  @Test
  void outlivesTheConfiguration() {
    assertThat(configs().insert(Samples.config())).isTrue();
    assertThat(campaigns().put(campaign("c", true))).isTrue();
    assertThat(configs().delete(SCOPE, Samples.config().id(), 1)).isTrue();
    assertThat(campaigns().find(SCOPE, "c")).contains(campaign("c", true));
  }

  @Test
  void listsByIdInPages() {
    for (String id : new String[] {"b", "a", "é", "B"}) {
      assertThat(campaigns().put(campaign(id, false))).isTrue();
    }
    assertThat(campaigns().list(SCOPE, null, 10))
        .extracting(Campaign::id)
        .containsExactly("B", "a", "b", "é");
    assertThat(campaigns().list(SCOPE, "a", 1)).extracting(Campaign::id).containsExactly("b");
    assertThat(campaigns().list(new Scope("myImsOrg", "dev"), null, 10)).isEmpty();
  }

  private static Campaign campaign(String id, boolean enabled) {
    return new Campaign(SCOPE, id, enabled, Samples.NOW);
  }
}
