package dev.feedbackwebhooks.domain.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.audit.AuditAction;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.audit.AuditRecord;
import dev.feedbackwebhooks.domain.audit.FieldChange;
import dev.feedbackwebhooks.domain.audit.FieldValue.Shown;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.testing.InMemoryStore;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CampaignsTest {
  private static final Scope SCOPE = Samples.SCOPE;

  private final SettableClock clock = new SettableClock(Samples.NOW);
  private final InMemoryStore store = new InMemoryStore();
  private final Campaigns campaigns = new Campaigns(store, clock);

  @Test
  void everyOptInAndOptOutTellsWhatWasThereBefore() {
    assertThat(store.insert(Samples.config(), Samples.entry())).isTrue();
    for (boolean enabled : new boolean[] {true, false, false}) {
      var _ = campaigns.put(Samples.WHO, SCOPE, "c", enabled);
    }
    assertThat(entries())
        .extracting(AuditEntry::action)
        .startsWith(
            AuditAction.OPT_OUT_CAMPAIGN,
            AuditAction.OPT_OUT_CAMPAIGN,
            AuditAction.OPT_IN_CAMPAIGN);
    assertThat(entries().get(2).changes())
        .containsExactly(new FieldChange("webhooks_enabled", null, new Shown("true")));
    assertThat(entries().get(1).changes()).containsExactly(switchedOff());
    assertThat(entries().get(0).changes()).isEmpty();
    assertThat(entries().get(0).who()).isEqualTo(Samples.WHO);
    assertThat(entries().get(0).resource())
        .isEqualTo(SCOPE.audited("organizations/myImsOrg/sandboxes/prod/campaigns/c"));
  }

  @Test
  void aRefusedOptInLeavesNoRecord() {
    assertThatThrownBy(() -> campaigns.put(Samples.WHO, SCOPE, "c", true))
        .isInstanceOf(Fault.NotNow.class);
    assertThat(entries()).isEmpty();
  }

  /** Someone opts in between the look at what is there and the write. */
  @Test
  void anOptOutThatIsOvertakenTellsWhatItFoundInTheEnd() {
    assertThat(store.insert(Samples.config(), Samples.entry())).isTrue();
    Campaigns late = new Campaigns(overtaken(), clock);
    var _ = late.put(Samples.WHO, SCOPE, "c", false);
    assertThat(campaigns.get(SCOPE, "c").webhooksEnabled()).isFalse();
    assertThat(entries().getFirst().changes()).containsExactly(switchedOff());
  }

  private static FieldChange switchedOff() {
    return new FieldChange("webhooks_enabled", new Shown("true"), new Shown("false"));
  }

  private List<AuditEntry> entries() {
    return store.list(new AuditFilter(null, null, null, null, null), null, 100).stream()
        .map(AuditRecord::entry)
        .toList();
  }

  private CampaignStore overtaken() {
    return new CampaignStore() {
      @Override
      public Optional<Campaign> find(Scope scope, String id) {
        return store.find(scope, id);
      }

      @Override
      public List<Campaign> list(Scope scope, @Nullable String after, int limit) {
        return store.list(scope, after, limit);
      }

      @Override
      public Put put(Campaign campaign, @Nullable Campaign before, AuditEntry entry) {
        if (before == null) {
          var _ = campaigns.put(Samples.WHO, SCOPE, "c", true);
        }
        return store.put(campaign, before, entry);
      }
    };
  }
}
