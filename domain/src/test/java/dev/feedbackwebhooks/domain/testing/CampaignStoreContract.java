package dev.feedbackwebhooks.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.campaign.Campaign;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.campaign.CampaignStore.Put;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.config.Scope;
import org.jspecify.annotations.Nullable;
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
    assertThat(put(campaign("c", true), null)).isEqualTo(Put.NO_CONFIG);
    assertThat(campaigns().find(SCOPE, "c")).isEmpty();
    assertThat(put(campaign("c", false), null)).isEqualTo(Put.STORED);
    assertThat(configs().insert(Samples.config(), Samples.entry())).isTrue();
    assertThat(put(campaign("c", true), campaign("c", false))).isEqualTo(Put.STORED);
    assertThat(campaigns().find(SCOPE, "c")).contains(campaign("c", true));
  }

  @Test
  void replacesWhatWasPutBefore() {
    assertThat(configs().insert(Samples.config(), Samples.entry())).isTrue();
    assertThat(put(campaign("c", true), null)).isEqualTo(Put.STORED);
    assertThat(put(campaign("c", false), campaign("c", true))).isEqualTo(Put.STORED);
    assertThat(campaigns().find(SCOPE, "c")).contains(campaign("c", false));
    assertThat(campaigns().find(new Scope("myImsOrg", "dev"), "c")).isEmpty();
  }

  @Test
  void replacesOnlyTheOptInThatWasRead() {
    assertThat(put(campaign("c", false), campaign("c", true))).isEqualTo(Put.OVERTAKEN);
    assertThat(campaigns().find(SCOPE, "c")).isEmpty();
    assertThat(put(campaign("c", false), null)).isEqualTo(Put.STORED);
    assertThat(put(campaign("c", false), null)).isEqualTo(Put.OVERTAKEN);
    assertThat(configs().insert(Samples.config(), Samples.entry())).isTrue();
    assertThat(put(campaign("c", true), campaign("c", true))).isEqualTo(Put.OVERTAKEN);
    assertThat(campaigns().find(SCOPE, "c")).contains(campaign("c", false));
  }

  @Test
  void outlivesTheConfiguration() {
    assertThat(configs().insert(Samples.config(), Samples.entry())).isTrue();
    assertThat(put(campaign("c", true), null)).isEqualTo(Put.STORED);
    assertThat(configs().delete(SCOPE, Samples.config().id(), 1, Samples.entry())).isTrue();
    assertThat(campaigns().find(SCOPE, "c")).contains(campaign("c", true));
  }

  @Test
  void listsByIdInPages() {
    for (String id : new String[] {"b", "a", "é", "B"}) {
      assertThat(put(campaign(id, false), null)).isEqualTo(Put.STORED);
    }
    assertThat(campaigns().list(SCOPE, null, 10))
        .extracting(Campaign::id)
        .containsExactly("B", "a", "b", "é");
    assertThat(campaigns().list(SCOPE, "a", 1)).extracting(Campaign::id).containsExactly("b");
    assertThat(campaigns().list(new Scope("myImsOrg", "dev"), null, 10)).isEmpty();
  }

  private Put put(Campaign campaign, @Nullable Campaign before) {
    return campaigns().put(campaign, before, Samples.entry());
  }

  private static Campaign campaign(String id, boolean enabled) {
    return new Campaign(SCOPE, id, enabled, Samples.NOW);
  }
}
