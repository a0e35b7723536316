package dev.feedbackwebhooks.domain.testing;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static dev.feedbackwebhooks.domain.testing.Samples.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.EndpointHealth;
import dev.feedbackwebhooks.domain.delivery.HealthStore;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link HealthStore} does. */
public abstract class HealthStoreContract {
  private static final Scope OTHER = new Scope("other", "prod");

  /** The store under test, empty. */
  protected abstract HealthStore health();

  @Test
  void keepsTheLastOfEachScopeUntilItIsForgotten() {
    EndpointHealth first = new EndpointHealth(-7, NOW, NOW, NOW, 1, false);
    EndpointHealth second =
        new EndpointHealth(-7, NOW, NOW.plusSeconds(1), NOW.plusSeconds(2), 4_000_000_000L, true);
    keep(SCOPE, first);
    keep(OTHER, first);
    keep(SCOPE, second);
    assertThat(health().all()).isEqualTo(Map.of(SCOPE, second, OTHER, first));
    keep(OTHER, null);
    keep(OTHER, null);
    assertThat(health().all()).isEqualTo(Map.of(SCOPE, second));
  }

  private void keep(Scope scope, @Nullable EndpointHealth kept) {
    var _ = health().keep(scope, kept).toCompletableFuture().join();
  }
}
