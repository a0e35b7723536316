package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.app.lifecycle.Server;
import dev.feedbackwebhooks.app.lifecycle.StartFailure;
import dev.feedbackwebhooks.app.logs.Logs;
import dev.feedbackwebhooks.app.maintenance.MaintenanceCommands;
import dev.feedbackwebhooks.app.options.LogFormat;
import dev.feedbackwebhooks.app.options.SettingSources;
import dev.feedbackwebhooks.app.options.SettingTypes;
import dev.feedbackwebhooks.app.options.SettingsException;
import dev.feedbackwebhooks.cli.ClientCommands;
import dev.feedbackwebhooks.cli.terminal.Terminal;
import dev.feedbackwebhooks.cli.terminal.TerminalOutput;
import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line of those who run the server. */
public final class Main {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;
  private static final String VERSION = "feedback-webhooks " + Version.current();

  @Command(
      name = "feedback-webhooks",
      description = "Brings feedback on e-mail and SMS messages to customers' endpoints.",
      mixinStandardHelpOptions = true)
  private static final class Root implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      spec.commandLine().usage(spec.commandLine().getErr());
      return MISUSED;
    }
  }

  private Main() {}

  /**
   * Runs a command; returns from it only where the server runs on.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    speakUtf8();
    // Times are stored in milliseconds: what is answered at once must be what is read later.
    start(args, Clock.tickMillis(ZoneOffset.UTC));
  }

  /** Whatever the locale is: without one, the JVM would write question marks. */
  private static void speakUtf8() {
    System.setOut(utf8(FileDescriptor.out));
    System.setErr(utf8(FileDescriptor.err));
  }

  private static PrintStream utf8(FileDescriptor stream) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(stream)), true, StandardCharsets.UTF_8);
  }

  /**
   * The same by another clock, for those who find out what becomes of a server whose clock jumps.
   *
   * @param clock in whole milliseconds
   */
  public static void start(String[] args, InstantSource clock) {
    int status;
    try {
      Optional<String> unreadable = Locales.unreadable(args, System.getenv());
      status =
          unreadable.isPresent()
              ? complain(unreadable.get(), MISUSED)
              : run(args, System.getenv(), clock);
    } catch (RuntimeException | Error e) {
      // Whatever it is: threads that live on would make it look like a server.
      status = complain(StartFailure.reason(e), FAILED);
    }
    if (status != OK || !Server.isRunning()) {
      System.out.flush();
      System.exit(status);
    }
  }

  static int run(String[] args, Map<String, String> environment, InstantSource clock) {
    int status = execute(args, environment, clock);
    // What was asked for was not said. A server that runs has no need to say anything more.
    return status == OK && !Server.isRunning() && System.out.checkError()
        ? complain(TerminalOutput.LOST, FAILED)
        : status;
  }

  private static int execute(String[] args, Map<String, String> environment, InstantSource clock) {
    CommandLine clients = ClientCommands.of(terminal(), environment);
    if (args.length > 0 && clients.getSubcommands().containsKey(args[0])) {
      // Or the transport would write down every call, its token among the rest.
      Logs.configure(LogFormat.auto);
      return clients.execute(args);
    }
    CommandLine serve = new CommandLine(new ServeCommand(clock));
    CommandLine root = new CommandLine(new Root()).addSubcommand(serve);
    MaintenanceCommands.all(terminal()).forEach(root::addSubcommand);
    clients.getSubcommands().values().forEach(root::addSubcommand);
    root.addSubcommand(new ClientCommands.CompletionCommand());
    try {
      return own(root, SettingSources.of(environment, flaggedFile(args), serve.getCommandSpec()))
          .execute(args);
    } catch (SettingsException e) {
      return complain(String.valueOf(e.getMessage()), MISUSED);
    }
  }

  private static CommandLine own(CommandLine root, SettingSources sources) {
    SettingTypes.register(root);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setDefaultValueProvider(sources);
    for (CommandLine command : root.getSubcommands().values()) {
      command.getCommandSpec().version(VERSION);
    }
    root.getCommandSpec().version(VERSION);
    // The database's driver would warn of its logger otherwise; serve configures it anew.
    root.setExecutionStrategy(parsed -> {
      Logs.configure(LogFormat.auto);
      return new CommandLine.RunLast().execute(parsed);
    });
    root.setParameterExceptionHandler(
        (misuse, _) -> complain(String.valueOf(misuse.getMessage()), MISUSED));
    root.setExecutionExceptionHandler((failure, _, _) -> failed(failure));
    return root;
  }

  private static int failed(Exception failure) {
    Logs.flush();
    return failure instanceof SettingsException
        ? complain(String.valueOf(failure.getMessage()), MISUSED)
        : complain(StartFailure.reason(failure), FAILED);
  }

  private static Terminal terminal() {
    boolean watched = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return new Terminal(System.in, System.out, System.err, watched);
  }

  private static int complain(String message, int status) {
    System.err.println("feedback-webhooks: " + message);
    return status;
  }

  /** The settings file must be known before the other settings can be read. */
  private static Optional<Path> flaggedFile(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith("--settings=")) {
        return Optional.of(Path.of(args[i].substring("--settings=".length())));
      }
      if (args[i].equals("--settings") && i + 1 < args.length) {
        return Optional.of(Path.of(args[i + 1]));
      }
    }
    return Optional.empty();
  }
}
