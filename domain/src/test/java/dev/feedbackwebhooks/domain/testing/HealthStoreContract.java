package dev.feedbackwebhooks.domain.testing;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static dev.feedbackwebhooks.domain.testing.Samples.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.health.EndpointHealth;
import dev.feedbackwebhooks.domain.health.HealthStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link HealthStore} does. */
public abstract class HealthStoreContract {
  private static final Scope OTHER = new Scope("other", "prod");
  private static final EndpointHealth FIRST = first(NOW);

  /** The store under test, empty. */
  protected abstract HealthStore health();

  /** Where the configurations are. */
  protected abstract ConfigStore configs();

  @BeforeEach
  void configurations() {
    assertThat(configs().insert(Samples.config(SCOPE), Samples.entry())).isTrue();
    assertThat(configs().insert(Samples.config(OTHER), Samples.entry())).isTrue();
  }

  private static EndpointHealth first(Instant at) {
    return new EndpointHealth(-7, at, at, at, 1, false, "HTTP 503");
  }

  @Test
  void keepsWhatBeginsOfEachScopeUntilItIsForgotten() {
    assertThat(begin(SCOPE, FIRST)).contains(FIRST);
    assertThat(begin(OTHER, FIRST)).contains(FIRST);
    assertThat(health().all()).isEqualTo(Map.of(SCOPE, FIRST, OTHER, FIRST));
    forget(OTHER);
    forget(OTHER);
    assertThat(health().all()).isEqualTo(Map.of(SCOPE, FIRST));
  }

  @Test
  void addsUpWhatGoesOnAndKeepsTheBeginning() {
    var _ = begin(SCOPE, FIRST);
    Instant start = NOW.plus(EndpointHealth.WINDOW).plusMillis(1);
    EndpointHealth far =
        new EndpointHealth(-7, NOW, start, start.plusSeconds(9), 4_000_000_000L, true, "HTTP 503");
    EndpointHealth sum =
        new EndpointHealth(-7, NOW, start, start.plusSeconds(9), 4_000_000_001L, true, "HTTP 503");
    assertThat(goOn(SCOPE, far)).contains(sum);
    assertThat(health().all()).isEqualTo(Map.of(SCOPE, sum));
    EndpointHealth late =
        new EndpointHealth(-7, NOW, NOW, NOW.plusSeconds(1), 2, false, "HTTP 503");
    EndpointHealth more =
        new EndpointHealth(-7, NOW, start, start.plusSeconds(9), 4_000_000_003L, true, "HTTP 503");
    assertThat(goOn(SCOPE, late)).as("nothing goes back").contains(more).contains(sum.joined(late));
  }

  @Test
  void windowsThatBeginWithinADayAreOne() {
    var _ = begin(SCOPE, FIRST);
    Instant start = NOW.plus(EndpointHealth.WINDOW);
    assertThat(goOn(SCOPE, new EndpointHealth(-7, NOW, start, start, 1, false, "HTTP 503")))
        .contains(new EndpointHealth(-7, NOW, NOW, start, 2, false, "HTTP 503"));
  }

  @Test
  void whatWasForgottenDoesNotGoOnNorWhatBeganAnewOrElsewhere() {
    assertThat(goOn(SCOPE, FIRST)).isEmpty();
    assertThat(health().all()).isEmpty();
    EndpointHealth anew = first(NOW.plusSeconds(1));
    var _ = begin(SCOPE, anew);
    assertThat(goOn(SCOPE, FIRST)).isEmpty();
    assertThat(goOn(SCOPE, new EndpointHealth(8, anew.since(), NOW, NOW, 1, false, "HTTP 503")))
        .isEmpty();
    assertThat(goOn(OTHER, anew)).isEmpty();
    assertThat(health().all()).isEqualTo(Map.of(SCOPE, anew));
  }

  @Test
  void whatBeginsElsewhereJoinsWhatFailsAlready() {
    var _ = begin(SCOPE, FIRST);
    EndpointHealth second = first(NOW.plusSeconds(5));
    EndpointHealth both =
        new EndpointHealth(-7, NOW, NOW, NOW.plusSeconds(5), 2, false, "HTTP 503");
    assertThat(begin(SCOPE, second)).contains(both);
    assertThat(health().all()).isEqualTo(Map.of(SCOPE, both));
  }

  @Test
  void whatIsOfAnotherEndpointOrTooOldIsReplaced() {
    var _ = begin(SCOPE, FIRST);
    EndpointHealth other = new EndpointHealth(8, NOW, NOW, NOW, 1, false, "HTTP 503");
    assertThat(begin(SCOPE, other)).contains(other);
    EndpointHealth late =
        new EndpointHealth(
            8, NOW, NOW, NOW.plus(EndpointHealth.FORGOTTEN).minusMillis(1), 1, false, "HTTP 503");
    assertThat(begin(SCOPE, late).map(EndpointHealth::failures)).contains(2L);
    Instant muchLater = late.last().plus(EndpointHealth.FORGOTTEN);
    EndpointHealth anew =
        new EndpointHealth(8, muchLater, muchLater, muchLater, 1, false, "HTTP 503");
    assertThat(begin(SCOPE, anew)).contains(anew);
    assertThat(health().all()).isEqualTo(Map.of(SCOPE, anew));
  }

  @Test
  void theFailureThatIsKeptIsThatOfTheLastOne() {
    var _ = begin(SCOPE, FIRST);
    Instant later = NOW.plusSeconds(5);
    var _ = goOn(SCOPE, new EndpointHealth(-7, NOW, NOW, later, 1, false, "zu sp\u00e4t \0"));
    var _ = begin(SCOPE, new EndpointHealth(-7, NOW, NOW, NOW.plusSeconds(1), 1, false, "early"));
    assertThat(goOn(SCOPE, new EndpointHealth(-7, NOW, NOW, NOW.plusSeconds(2), 1, false, "early")))
        .map(EndpointHealth::lastFailure)
        .hasValueSatisfying(kept -> assertThat(kept).startsWith("zu sp\u00e4t "));
    assertThat(health().all())
        .hasEntrySatisfying(
            SCOPE, kept -> assertThat(kept.lastFailure()).startsWith("zu sp\u00e4t "));
    var _ =
        begin(SCOPE, new EndpointHealth(-7, later, later, NOW.plusSeconds(9), 1, false, "latest"));
    assertThat(health().all())
        .hasEntrySatisfying(SCOPE, kept -> assertThat(kept.lastFailure()).isEqualTo("latest"));
  }

  private Optional<EndpointHealth> begin(Scope scope, EndpointHealth first) {
    return done(health().begin(scope, first));
  }

  private Optional<EndpointHealth> goOn(Scope scope, EndpointHealth more) {
    return done(health().goOn(scope, more));
  }

  private void forget(Scope scope) {
    var _ = done(health().forget(scope));
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
