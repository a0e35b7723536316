package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.app.lifecycle.NativeLibraries;
import dev.feedbackwebhooks.app.lifecycle.Server;
import dev.feedbackwebhooks.app.lifecycle.StartFailure;
import dev.feedbackwebhooks.app.logs.Logs;
import dev.feedbackwebhooks.app.options.ServeOptions;
import dev.feedbackwebhooks.app.options.Settings;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts the server, which runs on after the command has returned. */
@Command(
    name = "serve",
    description = "Runs the server until SIGTERM.",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each setting is also read from the environment (--grpc-address as"
          + " FEEDBACK_WEBHOOKS_GRPC_ADDRESS) and from the --settings file (a line grpc-address ="
          + " …). A flag wins over the environment, and the environment over the file.",
      "Durations are written like 250ms, 15s, 5m, 2h, 7d."
    })
final class ServeCommand implements Callable<Integer> {
  @Mixin private ServeOptions options;

  private final InstantSource clock;

  ServeCommand(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws StartFailure {
    Settings settings = options.settings(Version.current());
    Logs.configure(settings.logFormat());
    NativeLibraries.besideIfNowhereElse(settings.storage().directory());
    var _ = Server.start(settings, clock);
    return 0;
  }
}
