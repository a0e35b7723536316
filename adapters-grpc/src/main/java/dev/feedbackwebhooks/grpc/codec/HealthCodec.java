package dev.feedbackwebhooks.grpc.codec;

import dev.feedbackwebhooks.domain.config.ConfigStatus;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.health.EndpointHealth;
import dev.feedbackwebhooks.domain.health.EndpointHealthMonitor;
import dev.feedbackwebhooks.proto.v1.EndpointHealthState;
import java.time.Instant;
import java.util.Optional;

/** Configurations with the health of their endpoints, on the wire. */
public final class HealthCodec {
  private final EndpointHealthMonitor watch;

  public HealthCodec(EndpointHealthMonitor watch) {
    this.watch = watch;
  }

  public dev.feedbackwebhooks.proto.v1.WebhookConfig toProto(WebhookConfig config) {
    Optional<EndpointHealth> health = watch.of(config);
    var proto =
        dev.feedbackwebhooks.proto.v1.EndpointHealth.newBuilder().setState(state(config, health));
    health.ifPresent(failing -> describe(failing, proto));
    return ConfigCodec.toProto(config).toBuilder().setHealth(proto).build();
  }

  private void describe(
      EndpointHealth failing, dev.feedbackwebhooks.proto.v1.EndpointHealth.Builder proto) {
    proto
        .setFailingSince(TimeCodec.toProto(failing.since()))
        .setFailureCount(failing.failures())
        .setLastFailureTime(TimeCodec.toProto(failing.last()))
        .setLastFailure(failing.lastFailure());
    Instant end = watch.rules().givesUpAt(failing);
    if (!end.equals(Instant.MAX)) {
      proto.setDisableTime(TimeCodec.toProto(end));
    }
  }

  private EndpointHealthState state(WebhookConfig config, Optional<EndpointHealth> health) {
    if (config.status() instanceof ConfigStatus.DisabledByFailure) {
      return EndpointHealthState.ENDPOINT_HEALTH_STATE_DISABLED_BY_FAILURE;
    }
    if (config.status() instanceof ConfigStatus.DisabledByEndpoint) {
      return EndpointHealthState.ENDPOINT_HEALTH_STATE_DISABLED_BY_ENDPOINT;
    }
    return health.filter(watch.rules()::isDegraded).isPresent()
        ? EndpointHealthState.ENDPOINT_HEALTH_STATE_DEGRADED
        : EndpointHealthState.ENDPOINT_HEALTH_STATE_HEALTHY;
  }
}
