package dev.feedbackwebhooks.cli;

import dev.feedbackwebhooks.cli.terminal.Progress;
import dev.feedbackwebhooks.cli.terminal.Terminal;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "events",
    description = "Sends feedback events in.",
    subcommands = EventCommands.Send.class,
    mixinStandardHelpOptions = true)
final class EventCommands {
  @Command(
      name = "send",
      description = {
        "Streams events in from a file: each line is a FeedbackEvent in JSON.",
        "Lines that are rejected are told by their numbers, and end it with status 1. If it is cut"
            + " off, begin again: events that were acknowledged are known."
      },
      mixinStandardHelpOptions = true)
  static final class Send extends ServerCommand {
    @Spec private @Nullable CommandSpec self;

    @Parameters(paramLabel = "FILE", defaultValue = "-", description = "The file; - reads stdin.")
    private String file = "-";

    @Override
    int run(Client client) throws IOException {
      Terminal terminal = Context.of(self).terminal();
      boolean stdin = file.equals("-");
      long size = stdin ? 0 : Files.size(Path.of(file));
      try (InputStream in =
          new BufferedInputStream(stdin ? terminal.in() : Files.newInputStream(Path.of(file)))) {
        return new EventUpload(client, new Progress(terminal, size), in).run();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return REFUSED;
      }
    }
  }
}
