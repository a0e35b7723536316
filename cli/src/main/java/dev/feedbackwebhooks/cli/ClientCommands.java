package dev.feedbackwebhooks.cli;

import dev.feedbackwebhooks.cli.terminal.Terminal;
import java.util.Map;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands that speak to a server, by their names. */
public final class ClientCommands {
  /** Variables of the environment that these commands read, without FEEDBACK_WEBHOOKS_. */
  public static final Set<String> VARIABLES =
      Set.of("SERVER", "TOKEN", "TOKEN_FILE", "TLS_CA", "ORGANIZATION", "SANDBOX");

  private ClientCommands() {}

  /** Holds what the commands have in common. */
  @Command(
      name = "feedback-webhooks",
      description = "Speaks to a server of feedback webhooks.",
      subcommands = {
        ConfigCommands.class,
        CampaignCommands.class,
        EventCommands.class,
        DeliveryCommands.class,
        OperationCommands.class,
        StatsCommand.class,
        AuditCommands.class
      },
      mixinStandardHelpOptions = true)
  record Root(Context context) implements Context.Root {}

  /**
   * A command line of them.
   *
   * @param environment read for {@link #VARIABLES}
   */
  public static CommandLine of(Terminal terminal, Map<String, String> environment) {
    CommandLine line = new CommandLine(new Root(new Context(terminal, environment)));
    line.setOut(terminal.out().writer());
    line.setErr(terminal.err().writer());
    line.setDefaultValueProvider(new EnvironmentDefaults(environment));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, _, _) -> {
      terminal.err().println("feedback-webhooks: " + failure.getMessage());
      return ServerCommand.REFUSED;
    });
    return line;
  }

  /**
   * Prints the script that a shell completes a command line by: bash's, which zsh takes as well.
   */
  @Command(
      name = "completion",
      description = {
        "Prints what a shell completes commands by.",
        "bash, zsh: source <(feedback-webhooks completion)"
      },
      mixinStandardHelpOptions = true)
  public static final class CompletionCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
      System.out.print(AutoComplete.bash("feedback-webhooks", spec.root().commandLine()));
    }
  }
}
