package dev.feedbackwebhooks.domain.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.audit.AuditAction;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.audit.AuditRecord;
import dev.feedbackwebhooks.domain.audit.FieldChange;
import dev.feedbackwebhooks.domain.audit.FieldValue;
import dev.feedbackwebhooks.domain.config.ConfigDraft.HeaderDraft;
import dev.feedbackwebhooks.domain.config.ConfigDraft.JwtDraft;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.JwtKeys;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.key.SigningKey;
import dev.feedbackwebhooks.domain.testing.InMemoryStore;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written down of a configuration's changes. */
class ConfigAuditTest {
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
  void creationAndDeletionTellEveryFieldAndNoSecret() {
    var _ =
        configs.create(
            Samples.WHO,
            draft(
                jwt(Map.of("tier", "gold")),
                new HeaderDraft("x-tenant", "blue", false),
                new HeaderDraft("x-pin", "1234", true)),
            false);
    AuditEntry created = newest();
    assertThat(created.who()).isEqualTo(Samples.WHO);
    assertThat(created.time()).isEqualTo(Samples.NOW);
    assertThat(created.action()).isEqualTo(AuditAction.CREATE_CONFIG);
    assertThat(created.resource()).isEqualTo(SCOPE.audited(SCOPE.configName()));
    String pin = Samples.FINGERPRINTS.of(SCOPE.configName(), Secret.of("1234"));
    String key = new SigningKey(Samples.HMAC_KEY).fingerprint();
    assertThat(created.changes())
        .containsExactly(
            set("display_name", "Feedback"),
            set("channels", "EMAIL, SMS"),
            set("url", "https://hooks.example.com/feedback"),
            set("enabled", "true"),
            set("state", "ACTIVE"),
            set("authentication", "jwt"),
            set("jwt.algorithm", "HS256"),
            new FieldChange("jwt.key_fingerprint", null, new FieldValue.Hidden(key)),
            set("jwt.key_id", "key-1"),
            set("jwt.lifetime", "300s"),
            set("jwt.additional_claims[\"tier\"]", "\"gold\""),
            set("payload_version", "V1"),
            set("header_parameters", "x-tenant, x-pin"),
            set("header_parameters[\"x-tenant\"].value", "blue"),
            set("header_parameters[\"x-tenant\"].sensitive", "false"),
            new FieldChange("header_parameters[\"x-pin\"].value", null, new FieldValue.Hidden(pin)),
            set("header_parameters[\"x-pin\"].sensitive", "true"));
    configs.delete(Samples.WHO, SCOPE, "");
    assertThat(newest().action()).isEqualTo(AuditAction.DELETE_CONFIG);
    assertThat(newest().changes())
        .isEqualTo(
            created.changes().stream()
                .map(change -> new FieldChange(change.field(), change.after(), null))
                .toList());
  }

  @Test
  void anUpdateTellsWhatChangedAndOneThatChangesNothingTellsThat() {
    WebhookConfig first = configs.create(Samples.WHO, Samples.draft(), false);
    WebhookConfig second =
        configs.update(
            new Actor.Anonymous(), first, Samples.draft(SCOPE, "https://example.com/"), false);
    assertThat(newest().who()).isEqualTo(new Actor.Anonymous());
    assertThat(newest().changes())
        .containsExactly(changed("url", first.url().text(), "https://example.com/"));
    var _ =
        configs.update(Samples.WHO, second, Samples.draft(SCOPE, "https://example.com/"), false);
    assertThat(newest().action()).isEqualTo(AuditAction.UPDATE_CONFIG);
    assertThat(newest().changes()).isEmpty();
    assertThat(records()).hasSize(3);
  }

  @Test
  void aRefusedChangeAndOneThatIsOnlyCheckedLeaveNoRecord() {
    var _ = configs.create(Samples.WHO, Samples.draft(), true);
    assertThat(records()).isEmpty();
    WebhookConfig first = configs.create(Samples.WHO, Samples.draft(), false);
    var _ = configs.update(Samples.WHO, first, Samples.draft(), true);
    assertThat(records()).hasSize(1);
  }

  @Test
  void aHeaderThatBecomesSensitiveIsHiddenOnBothSides() {
    HeaderDraft open = new HeaderDraft("X-Pin", "1234", false);
    WebhookConfig first = configs.create(Samples.WHO, draft(null, open), false);
    HeaderDraft secret = new HeaderDraft("X-Pin", "1234", true);
    WebhookConfig second = configs.update(Samples.WHO, first, draft(null, secret), false);
    FieldChange flag = changed("header_parameters[\"X-Pin\"].sensitive", "false", "true");
    assertThat(newest().changes()).as("the value stays").containsExactly(flag);
    HeaderDraft other = new HeaderDraft("X-Pin", "5678", false);
    var _ = configs.update(Samples.WHO, second, draft(null, other), false);
    assertThat(newest().changes())
        .hasSize(2)
        .first()
        .satisfies(change -> assertThat(change.before()).isInstanceOf(FieldValue.Hidden.class))
        .satisfies(change -> assertThat(change.after()).isInstanceOf(FieldValue.Hidden.class))
        .satisfies(change -> assertThat(change.before()).isNotEqualTo(change.after()));
  }

  @Test
  void claimsAreToldApartByTypeAndByPath() {
    Map<String, @Nullable Object> numbers = Map.of("n", 3L, "a.b", List.of(true));
    Map<String, @Nullable Object> texts = Map.of("n", "3", "a", Map.of("b", List.of(true)));
    WebhookConfig first = configs.create(Samples.WHO, draft(jwt(numbers)), false);
    var _ = configs.update(Samples.WHO, first, draft(jwt(texts)), false);
    assertThat(newest().changes())
        .containsExactlyInAnyOrder(
            changed("jwt.additional_claims[\"n\"]", "3", "\"3\""),
            new FieldChange("jwt.additional_claims[\"a.b\"]", new FieldValue.Shown("[true]"), null),
            set("jwt.additional_claims[\"a\"]", "{\"b\": [true]}"));
  }

  /** As paths to each text within it, this claim would be 6 MB. */
  @Test
  void aRecordIsNotMuchLargerThanWhatItIsOf() {
    Map<String, @Nullable Object> claims =
        Map.of("\u4e2d".repeat(2_045), Collections.nCopies(500, ""));
    var _ = configs.create(Samples.WHO, draft(jwt(claims)), false);
    assertThat(newest().changes().toString()).hasSizeLessThan(10_000);
  }

  /** A part of a configuration that is in no list here is in no record either. */
  @Test
  void everyPartOfAConfigurationIsAField() {
    assertThat(parts(WebhookConfig.class))
        .as("a new one needs a line in ConfigFields")
        .containsExactly(
            "id",
            "version",
            "scope",
            "displayName",
            "channels",
            "url",
            "authentication",
            "headers",
            "terms",
            "status",
            "createTime",
            "updateTime");
    assertThat(parts(DeliverySettings.class)).containsExactly("signing", "payload", "sentFirst");
    assertThat(parts(Signing.class)).containsExactly("current", "previous");
    assertThat(parts(EndpointAuth.Jwt.class))
        .containsExactly("keys", "claims", "lifetime", "bodyHash", "additionalClaims");
    assertThat(parts(JwtKeys.class)).containsExactly("current", "previous");
    assertThat(parts(JwtKeys.Previous.class)).containsExactly("key", "signsUntil");
    assertThat(parts(JwtKey.class)).containsExactly("algorithm", "key", "id");
    assertThat(parts(EndpointAuth.RegisteredClaims.class))
        .containsExactly("issuer", "subject", "audience");
    assertThat(parts(HeaderParameter.class)).containsExactly("name", "value", "sensitive");
  }

  private static List<String> parts(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  @Test
  void theServiceItselfDisables() {
    WebhookConfig config = configs.create(Samples.WHO, Samples.draft(), false);
    assertThat(configs.disableByEndpoint(config, Samples.NOW.plusSeconds(5))).isTrue();
    assertThat(newest().who()).isEqualTo(new Actor.Service());
    assertThat(newest().action()).isEqualTo(AuditAction.DISABLE_CONFIG);
    assertThat(newest().time()).isEqualTo(Samples.NOW.plusSeconds(5));
    assertThat(newest().changes())
        .containsExactly(
            changed("enabled", "true", "false"),
            changed("state", "ACTIVE", "DISABLED_BY_ENDPOINT"));
  }

  private List<AuditRecord> records() {
    return store.list(new AuditFilter(null, null, null, null, null), null, 100);
  }

  private AuditEntry newest() {
    return records().getFirst().entry();
  }

  private static FieldChange set(String field, String after) {
    return new FieldChange(field, null, new FieldValue.Shown(after));
  }

  private static FieldChange changed(String field, String before, String after) {
    return new FieldChange(field, new FieldValue.Shown(before), new FieldValue.Shown(after));
  }

  private static ConfigDraft draft(@Nullable JwtDraft jwt, HeaderDraft... headers) {
    ConfigDraft plain = Samples.draft();
    return new ConfigDraft(
        SCOPE, plain.displayName(), plain.channels(), plain.url(), jwt, List.of(headers), true);
  }

  private static JwtDraft jwt(Map<String, @Nullable Object> claims) {
    return new JwtDraft(
        JwtAlgorithm.HS256,
        Samples.HMAC_KEY,
        Secret.of(""),
        "key-1",
        null,
        "",
        "",
        "",
        null,
        false,
        claims);
  }
}
