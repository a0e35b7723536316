package dev.feedbackwebhooks.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.event.IntakeOutcome;
import dev.feedbackwebhooks.domain.event.SkipReason;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class IntakeMetricsTest {
  private static final IntakeOutcome ACCEPTED = new IntakeOutcome.Accepted(new DeliveryId(1));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void organizationsAreNotToldApartUnlessThatIsAskedFor() {
    IntakeMetrics metrics = new IntakeMetrics(registry, false);
    metrics.decided("acme", ACCEPTED);
    assertThat(registry.getMeters())
        .allSatisfy(meter -> assertThat(meter.getId().getTag("organization")).isNull());
  }

  @Test
  void noMoreThanAThousandOrganizationsHaveTheirOwn() {
    IntakeMetrics metrics = new IntakeMetrics(registry, true);
    for (int i = 0; i < ByOrganization.MOST + 5; i++) {
      metrics.decided("o" + i, ACCEPTED);
      metrics.decided("o" + i, ACCEPTED);
    }
    assertThat(accepted("o0")).isEqualTo(2);
    assertThat(accepted("o999")).isEqualTo(2);
    assertThat(accepted(ByOrganization.OTHER)).isEqualTo(10);
    assertThat(
            registry.getMeters().stream()
                .map(Meter::getId)
                .map(id -> id.getTag("organization"))
                .collect(Collectors.toSet()))
        .hasSize(ByOrganization.MOST + 1);
  }

  @Test
  void aNameWithoutAConfigurationTakesNoPlace() {
    IntakeMetrics metrics = new IntakeMetrics(registry, true);
    metrics.decided("made-up", new IntakeOutcome.Skipped(SkipReason.NO_CONFIG));
    metrics.decided(null, new IntakeOutcome.Rejected(List.of()));
    assertThat(registry.getMeters())
        .extracting(meter -> meter.getId().getTag("organization"))
        .containsOnly(ByOrganization.OTHER);
    metrics.decided("acme", ACCEPTED);
    metrics.decided("acme", new IntakeOutcome.Skipped(SkipReason.NO_CONFIG));
    assertThat(
            registry
                .get("feedback.webhooks.events")
                .tags("organization", "acme", "reason", "no_config")
                .counter()
                .count())
        .isEqualTo(1);
  }

  private double accepted(String organization) {
    return registry
        .get("feedback.webhooks.events")
        .tags("organization", organization, "outcome", "accepted")
        .counter()
        .count();
  }
}
