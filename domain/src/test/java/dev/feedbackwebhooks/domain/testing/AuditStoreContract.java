package dev.feedbackwebhooks.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.audit.AuditAction;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.audit.AuditRecord;
import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.audit.AuditStore.Recorded;
import dev.feedbackwebhooks.domain.audit.FieldChange;
import dev.feedbackwebhooks.domain.audit.FieldValue;
import dev.feedbackwebhooks.domain.campaign.Campaign;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.campaign.CampaignStore.Put;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.RetryOutcome;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link AuditStore} keeps, together with the stores that append to it. */
public abstract class AuditStoreContract extends DeliveryStoreContract {
  private static final AuditFilter ALL = new AuditFilter(null, null, null, null, null);

  /** The store under test, empty. */
  protected abstract AuditStore audit();

  /** The campaigns beside it. */
  protected abstract CampaignStore campaigns();

  @Test
  void aChangeOfAConfigurationIsThereWithItsRecordAndARefusedOneWithNone() {
    WebhookConfig config = Samples.config();
    assertThat(configs().replace(config, 1, entry(1))).isFalse();
    assertThat(configs().delete(SCOPE, config.id(), 1, entry(2))).isFalse();
    assertThat(list(ALL)).isEmpty();
    assertThat(configs().insert(config, entry(3))).isTrue();
    assertThat(configs().insert(config, entry(4))).isFalse();
    assertThat(configs().replace(config, 1, entry(5))).isTrue();
    assertThat(configs().replace(config, 2, entry(6))).isFalse();
    assertThat(configs().delete(SCOPE, config.id(), 2, entry(7))).isFalse();
    assertThat(configs().delete(SCOPE, config.id(), 1, entry(8))).isTrue();
    assertThat(list(ALL)).containsExactly(entry(8), entry(5), entry(3));
  }

  @Test
  void whatChangedNothingIsWrittenDownAsWell() {
    audit().append(entry(1));
    assertThat(configs().insert(Samples.config(), entry(2))).isTrue();
    audit().append(entry(3));
    assertThat(list(ALL)).containsExactly(entry(3), entry(2), entry(1));
  }

  @Test
  void anOptInIsThereWithItsRecordAndARefusedOneWithNone() {
    Campaign on = new Campaign(SCOPE, "c", true, NOW);
    Campaign off = new Campaign(SCOPE, "c", false, NOW);
    assertThat(campaigns().put(on, null, entry(1))).isEqualTo(Put.NO_CONFIG);
    assertThat(campaigns().put(off, on, entry(2))).isEqualTo(Put.OVERTAKEN);
    assertThat(list(ALL)).isEmpty();
    assertThat(campaigns().put(off, null, entry(3))).isEqualTo(Put.STORED);
    assertThat(list(ALL)).containsExactly(entry(3));
  }

  @Test
  void aRetryIsThereWithItsRecordAndARefusedOneWithNone() {
    long configId = Samples.config().id();
    enqueue(delivery(1));
    assertThat(book().retry(OTHER, new DeliveryId(1), configId, NOW, entry(1)))
        .isEqualTo(RetryOutcome.NOT_RETRYABLE);
    assertThat(list(ALL)).isEmpty();
    assertThat(book().retry(SCOPE, new DeliveryId(1), configId, NOW, entry(2)))
        .isEqualTo(RetryOutcome.DUE);
    assertThat(list(ALL)).containsExactly(entry(2));
  }

  @Test
  void findsARecordInFullWhereItIsAndNowhereElse() {
    Actor.Certificate certificate = new Actor.Certificate("CN=a,O=b", "CN=ca", "ff01");
    List<Actor> all =
        List.of(
            new Actor.Anonymous(),
            new Actor.Service(),
            certificate,
            new Actor.Token("me", null, null),
            new Actor.Token("me", "https://issuer.example", certificate));
    for (Actor who : all) {
      append(entry(SCOPE, who, NOW));
    }
    assertThat(list(ALL)).extracting(AuditEntry::who).containsExactlyElementsOf(all.reversed());
    AuditRecord newest = audit().list(ALL, null, 1).getFirst();
    assertThat(newest.entry()).isEqualTo(entry(SCOPE, all.getLast(), NOW));
    assertThat(audit().find(SCOPE.organization(), SCOPE.sandbox(), newest.id())).contains(newest);
    assertThat(audit().find(SCOPE.organization(), OTHER.sandbox(), newest.id())).isEmpty();
    assertThat(audit().find("another", SCOPE.sandbox(), newest.id())).isEmpty();
    assertThat(audit().find(SCOPE.organization(), SCOPE.sandbox(), newest.id() + 1)).isEmpty();
  }

  @Test
  void listsInTheOrderOfCommitsWhateverTheClockSays() {
    append(entry(2));
    append(entry(2));
    append(entry(1));
    append(entry(3));
    assertThat(list(ALL)).containsExactly(entry(3), entry(1), entry(2), entry(2));
    List<AuditRecord> all = audit().list(ALL, null, 10);
    assertThat(audit().list(ALL, null, 2)).isEqualTo(all.subList(0, 2));
    assertThat(audit().list(ALL, all.get(1).id(), 2)).isEqualTo(all.subList(2, 4));
    assertThat(audit().list(ALL, all.get(3).id(), 2)).isEmpty();
  }

  @Test
  void tellsWhatChangedFromARecordOn() {
    assertThat(audit().newest()).isZero();
    assertThat(audit().from(0, 10)).isEmpty();
    Scope elsewhere = new Scope("another", SCOPE.sandbox());
    List.of(entry(2), entry(elsewhere, Samples.WHO, NOW), entry(1)).forEach(this::append);
    List<Recorded> all =
        audit().list(ALL, null, 10).reversed().stream()
            .map(record -> new Recorded(record.id(), record.entry().resource()))
            .toList();
    assertThat(audit().newest()).isEqualTo(all.getLast().id());
    assertThat(audit().from(0, 10)).isEqualTo(all);
    assertThat(audit().from(0, 2)).isEqualTo(all.subList(0, 2));
    assertThat(audit().from(all.get(1).id(), 10)).isEqualTo(all.subList(1, 3));
    assertThat(audit().from(all.getLast().id() + 1, 10)).isEmpty();
  }

  @Test
  void filtersByPlaceResourceAndTime() {
    Scope elsewhere = new Scope("another", SCOPE.sandbox());
    AuditEntry here = entry(SCOPE, Samples.WHO, NOW);
    AuditEntry beside = entry(OTHER, Samples.WHO, NOW.plusMillis(1));
    AuditEntry away = entry(elsewhere, Samples.WHO, NOW.plusMillis(2));
    List.of(here, beside, away).forEach(this::append);
    assertThat(list(new AuditFilter("myImsOrg", null, null, null, null)))
        .containsExactly(beside, here);
    assertThat(list(new AuditFilter(null, "prod", null, null, null))).containsExactly(away, here);
    assertThat(list(new AuditFilter("myImsOrg", "prod", null, null, null))).containsExactly(here);
    assertThat(list(new AuditFilter(null, null, OTHER.configName(), null, null)))
        .containsExactly(beside);
    assertThat(list(new AuditFilter(null, null, null, NOW.plusMillis(1), NOW.plusMillis(2))))
        .containsExactly(beside);
  }

  private List<AuditEntry> list(AuditFilter filter) {
    return audit().list(filter, null, 100).stream().map(AuditRecord::entry).toList();
  }

  /** By a change that brings its record along. */
  private void append(AuditEntry entry) {
    Scope scope = new Scope(entry.resource().organization(), entry.resource().sandbox());
    @Nullable Campaign before = campaigns().find(scope, "c").orElse(null);
    Campaign next = new Campaign(scope, "c", false, NOW);
    assertThat(campaigns().put(next, before, entry)).isEqualTo(Put.STORED);
  }

  /** Told apart from others by its time. */
  private static AuditEntry entry(int millis) {
    return entry(SCOPE, Samples.WHO, NOW.plusMillis(millis));
  }

  private static AuditEntry entry(Scope scope, Actor who, Instant time) {
    return new AuditEntry(
        time,
        who,
        AuditAction.UPDATE_CONFIG,
        scope.audited(scope.configName()),
        List.of(
            new FieldChange("url", new FieldValue.Shown("https://a"), null),
            new FieldChange("display_name", null, new FieldValue.Shown("Rückmeldung \" 📨\n")),
            new FieldChange(
                "jwt.key_fingerprint",
                new FieldValue.Hidden("00ff"),
                new FieldValue.Hidden("11ee"))));
  }
}
