package dev.feedbackwebhooks.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Defaults of options from the environment. */
record EnvironmentDefaults(Map<String, String> environment) implements IDefaultValueProvider {
  private static final Map<String, String> VARIABLES =
      Map.of(
          "--server", "FEEDBACK_WEBHOOKS_SERVER",
          "--token-file", "FEEDBACK_WEBHOOKS_TOKEN_FILE",
          "--tls-ca", "FEEDBACK_WEBHOOKS_TLS_CA",
          "--organization", "FEEDBACK_WEBHOOKS_ORGANIZATION",
          "--sandbox", "FEEDBACK_WEBHOOKS_SANDBOX");

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    String variable = arg instanceof OptionSpec option ? VARIABLES.get(option.longestName()) : null;
    return variable == null
        ? arg.defaultValue()
        : EnvironmentText.of(environment, variable).orElse(arg.defaultValue());
  }
}
