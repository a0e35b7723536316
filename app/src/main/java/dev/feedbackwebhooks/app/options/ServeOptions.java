package dev.feedbackwebhooks.app.options;

import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.grpc.access.AuthSettings;
import dev.feedbackwebhooks.grpc.server.GrpcSettings;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The settings of {@code serve} as they are written: as flags, in the environment, or in a file.
 */
public final class ServeOptions {
  @Mixin SettingsFileOption file;
  @Mixin ListenOptions listen;
  @Mixin AuthOptions auth;
  @Mixin ConnectionOptions connections;
  @Mixin StorageOptions storage;
  @Mixin DeliveryOptions deliveries;
  @Mixin EgressOptions egress;
  @Mixin RetentionOptions retention;
  @Mixin HealthOptions health;

  @Option(
      names = "--metrics-organizations",
      arity = "0..1",
      defaultValue = "false",
      fallbackValue = "true",
      description =
          "Counts the outcomes of events and deliveries for each organization, up to 1000 of them.")
  boolean metricsOrganizations;

  @Mixin TraceOptions traces;

  @Option(
      names = "--log-format",
      paramLabel = "auto|text|json",
      defaultValue = "auto",
      description = "Logs on stderr; auto is text on a terminal, else JSON (${DEFAULT-VALUE}).")
  LogFormat logFormat;

  /**
   * The settings of the server's parts.
   *
   * @param version of this program
   * @throws SettingsException for the first rule that is broken
   */
  public Settings settings(String version) {
    AuthSettings callers = auth.settings();
    Optional<GrpcSettings.Tls> tls = listen.tls();
    EgressPolicy policy = egress.policy();
    return new Settings(
        new GrpcSettings(
            listen.grpc(tls, callers instanceof AuthSettings.Jwt),
            tls,
            callers,
            connections.settings(),
            connections.grpcReflection),
        listen.ops(tls),
        storage.settings(),
        egress.sender(policy, deliveries, version),
        policy,
        deliveries.limits(),
        deliveries.schedule(),
        retention.settings(),
        health.settings(),
        metricsOrganizations,
        traces.settings(version),
        logFormat);
  }
}
