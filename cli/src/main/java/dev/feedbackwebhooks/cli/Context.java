package dev.feedbackwebhooks.cli;

import dev.feedbackwebhooks.cli.terminal.Terminal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The process that the commands run in: its terminal and environment. The root of the commands
 * holds it.
 */
record Context(Terminal terminal, Map<String, String> environment) {
  /** The root of all commands. */
  interface Root {
    Context context();
  }

  static Context of(@Nullable CommandSpec spec) {
    CommandSpec root = Objects.requireNonNull(spec).root();
    return ((Root) root.userObject()).context();
  }

  Optional<String> token() {
    return EnvironmentText.of(environment, "FEEDBACK_WEBHOOKS_TOKEN");
  }
}
