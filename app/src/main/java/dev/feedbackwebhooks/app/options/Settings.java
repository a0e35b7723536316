package dev.feedbackwebhooks.app.options;

import dev.feedbackwebhooks.app.ops.OpsSettings;
import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.domain.engine.EngineLimits;
import dev.feedbackwebhooks.domain.health.HealthRules;
import dev.feedbackwebhooks.domain.retention.Retention;
import dev.feedbackwebhooks.grpc.server.GrpcSettings;
import dev.feedbackwebhooks.sender.http.SenderSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The process's settings, checked: what each part of it needs.
 *
 * @param retrySchedule delays before attempts 2, 3, …
 * @param organizationMetrics whether outcomes are counted for each organization
 * @param otlp empty: nothing is traced
 */
public record Settings(
    GrpcSettings grpc,
    OpsSettings ops,
    Storage storage,
    SenderSettings sender,
    EgressPolicy egress,
    EngineLimits engine,
    List<Duration> retrySchedule,
    Retention retention,
    HealthRules health,
    boolean organizationMetrics,
    Optional<OtlpSettings> otlp,
    LogFormat logFormat) {}
