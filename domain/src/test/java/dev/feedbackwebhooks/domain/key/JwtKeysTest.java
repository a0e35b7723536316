package dev.feedbackwebhooks.domain.key;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static dev.feedbackwebhooks.domain.testing.Samples.TRIAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.ConfigDraft;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.JwtRules;
import dev.feedbackwebhooks.domain.fault.Violation;
import dev.feedbackwebhooks.domain.fault.Violations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which key signs, and which ones receivers should know, as keys are exchanged. */
class JwtKeysTest {
  private static final Instant LATER = NOW.plus(Duration.ofDays(2));
  private static final Duration DAY = Duration.ofHours(24);

  private final JwtKey first = key("first", "1");
  private final JwtKey second = key("second", "2");
  private final JwtKey third = key("third", "3");
  private final JwtKeys one = JwtKeys.of(first);

  @Test
  void aKeyTakesOverAtOnceAndTheOneBeforeStaysKnownForADay() {
    JwtKeys keys = one.exchangedFor(second, NOW, NOW);
    assertThat(keys.signing(NOW)).isEqualTo(second);
    assertThat(keys.nextChange(NOW)).isNull();
    assertThat(keys.published(NOW)).containsExactly(second, first);
    assertThat(keys.published(NOW.plus(DAY).minusMillis(1))).containsExactly(second, first);
    assertThat(keys.published(NOW.plus(DAY))).containsExactly(second);
  }

  @Test
  void aKeyThatTakesOverLaterIsKnownBefore() {
    JwtKeys keys = one.exchangedFor(second, LATER, NOW);
    assertThat(keys.signing(NOW)).isEqualTo(first);
    assertThat(keys.nextChange(NOW)).isEqualTo(LATER);
    assertThat(keys.published(NOW)).containsExactly(second, first);
    assertThat(keys.signing(LATER.minusMillis(1))).isEqualTo(first);
    assertThat(keys.signing(LATER)).isEqualTo(second);
    assertThat(keys.published(LATER.plus(DAY).minusMillis(1))).containsExactly(second, first);
    assertThat(keys.published(LATER.plus(DAY))).containsExactly(second);
  }

  @Test
  void thereAreNeverMoreThanTwo() {
    JwtKeys pending = one.exchangedFor(second, LATER, NOW);
    JwtKeys another = pending.exchangedFor(third, LATER, NOW);
    assertThat(another.published(NOW)).as("one that never signed").containsExactly(third, first);
    JwtKeys over = pending.exchangedFor(third, LATER, LATER);
    assertThat(over.published(LATER)).as("one that signs").containsExactly(third, second);
  }

  @Test
  void theTimeOfTheExchangeCanBeMovedUntilThen() {
    JwtKeys pending = one.exchangedFor(second, LATER, NOW);
    assertThat(pending.exchangedFor(second, NOW, NOW).signing(NOW)).isEqualTo(second);
    Instant further = LATER.plusSeconds(1);
    assertThat(pending.exchangedFor(second, further, NOW).nextChange(NOW)).isEqualTo(further);
    assertThat(pending.exchangedFor(second, further, LATER).nextChange(LATER)).isNull();
  }

  @Test
  void theKeyThatSignsGivenAgainCallsTheExchangeOff() {
    JwtKeys pending = one.exchangedFor(second, LATER, NOW);
    assertThat(pending.exchangedFor(first, NOW, NOW)).isEqualTo(one);
    assertThat(pending.exchangedFor(second, null, NOW)).as("no other time").isEqualTo(pending);
  }

  @Test
  void withoutAnIdOfItsOwnAKeyTakesTheOthersPlaceEverywhere() {
    JwtKey next = key("second", "1");
    assertThat(one.exchangedFor(next, NOW, NOW)).isEqualTo(JwtKeys.of(next));
    JwtKeys unnamed = JwtKeys.of(key("first", null));
    assertThat(unnamed.exchangedFor(key("second", null), NOW, NOW).published(NOW)).hasSize(1);
  }

  /** Receivers who know two keys, of which one has no id, cannot tell which one signed. */
  @Test
  void aKeyWithoutAnIdStandsBesideNoOther() {
    JwtKey unnamed = key("second", null);
    assertThat(one.exchangedFor(unnamed, null, NOW)).isEqualTo(JwtKeys.of(unnamed));
    JwtKeys before = JwtKeys.of(unnamed);
    assertThat(before.exchangedFor(first, null, NOW)).isEqualTo(one);
    assertThat(before.exchangedFor(first, LATER, NOW)).isEqualTo(one);
    JwtKeys both = one.exchangedFor(second, null, NOW);
    assertThat(both.exchangedFor(unnamed, null, NOW)).isEqualTo(JwtKeys.of(unnamed));
  }

  @Test
  void aKeyThatNobodyHasToKnowAnyMoreIsForgottenWithItsId() {
    JwtKeys both = one.exchangedFor(second, NOW, NOW);
    JwtKey renamed = key("second", "1");
    assertThat(both.exchangedFor(renamed, null, NOW.plus(DAY).minusMillis(1)).previous())
        .isNotNull();
    assertThat(both.exchangedFor(renamed, null, NOW.plus(DAY))).isEqualTo(JwtKeys.of(renamed));
  }

  @Test
  void whenAKeyBeginsToSignHasRules() {
    assertThat(refused("2", "second", NOW.plus(Duration.ofDays(7)))).isEmpty();
    assertThat(refused("2", "second", NOW.plus(Duration.ofDays(7)).plusMillis(1)))
        .containsExactly("jwt.sign_from");
    assertThat(refused("1", "second", LATER)).containsExactly("jwt.sign_from");
    assertThat(refused("1", "second", NOW.minusMillis(1))).isEmpty();
    assertThat(refused("9", "", LATER)).as("no other key").containsExactly("jwt.sign_from");
  }

  @Test
  void aFirstKeySignsAtOnce() {
    Violations violations = new Violations();
    var _ =
        new JwtRules(TRIAL, violations, "jwt")
            .check(draft("1", "first", LATER), new EndpointAuth.None(), NOW);
    assertThat(violations.all()).extracting(Violation::field).containsExactly("jwt.sign_from");
  }

  @Test
  void twoKeysCannotHaveOneId() {
    JwtKeys keys = one.exchangedFor(second, NOW, NOW);
    Violations violations = new Violations();
    var _ = new JwtRules(TRIAL, violations, "jwt").check(draft("1", "", null), stored(keys), NOW);
    assertThat(violations.all()).extracting(Violation::field).containsExactly("jwt.key_id");
  }

  private List<String> refused(String id, String secret, @Nullable Instant from) {
    Violations violations = new Violations();
    var _ = new JwtRules(TRIAL, violations, "jwt").check(draft(id, secret, from), stored(one), NOW);
    return violations.all().stream().map(Violation::field).toList();
  }

  private static EndpointAuth.Jwt stored(JwtKeys keys) {
    return new EndpointAuth.Jwt(
        keys,
        new EndpointAuth.RegisteredClaims(null, null, null),
        Duration.ofMinutes(5),
        false,
        Map.of());
  }

  private static ConfigDraft.JwtDraft draft(String id, String secret, @Nullable Instant from) {
    Secret given = Secret.of(secret.isEmpty() ? "" : secret.repeat(8));
    return new ConfigDraft.JwtDraft(
        JwtAlgorithm.HS256, given, Secret.of(""), id, from, "", "", "", null, false, Map.of());
  }

  private static JwtKey key(String secret, @Nullable String id) {
    return new JwtKey(JwtAlgorithm.HS256, new SigningKey(Secret.of(secret.repeat(8))), id);
  }
}
