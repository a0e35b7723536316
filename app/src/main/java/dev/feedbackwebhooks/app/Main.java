package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.cli.ClientCommands;
import dev.feedbackwebhooks.cli.Terminal;
import dev.feedbackwebhooks.cli.TerminalOutput;
import dev.feedbackwebhooks.persistence.stored.StoreException;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line of those who run the server. */
public final class Main {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  @Command(
      name = "feedback-webhooks",
      description = "Brings feedback on e-mail and SMS messages to customers' endpoints.",
      mixinStandardHelpOptions = true)
  private record Root() {}

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
    CommandLine serve = new CommandLine(ServeOptions.class);
    List<CommandLine> offline =
        Stream.of(
                RotateOptions.class,
                BackupOptions.class,
                RestoreOptions.class,
                MigrateOptions.class)
            .map(CommandLine::new)
            .toList();
    CommandLine root = new CommandLine(new Root()).addSubcommand(serve);
    offline.forEach(root::addSubcommand);
    CommandLine clients = ClientCommands.of(terminal(), environment);
    clients.getSubcommands().values().forEach(root::addSubcommand);
    root.addSubcommand(new CommandLine(new ClientCommands.CompletionCommand()));
    if (args.length > 0 && clients.getSubcommands().containsKey(args[0])) {
      // Or the transport would write down every call, its token among the rest.
      Logs.configure(ServeOptions.LogFormat.auto);
      return ClientCommands.of(terminal(), environment).execute(args);
    }
    List<CommandLine> all = Stream.concat(Stream.of(root, serve), offline.stream()).toList();
    for (CommandLine command : all) {
      command.getCommandSpec().version("feedback-webhooks " + Version.current());
      SettingTypes.register(command);
      command.setCaseInsensitiveEnumValuesAllowed(true);
    }
    try {
      SettingSources sources =
          SettingSources.of(environment, flaggedFile(args), names(serve.getCommandSpec()));
      all.forEach(command -> command.setDefaultValueProvider(sources));
      ParseResult parsed = root.parseArgs(args);
      if (CommandLine.printHelpIfRequested(parsed)) {
        return OK;
      }
      if (!parsed.hasSubcommand()) {
        root.usage(System.err);
        return MISUSED;
      }
      return switch (parsed.subcommand().commandSpec().userObject()) {
        case RotateOptions options -> offline(() -> StoreCommands.rotate(options));
        case BackupOptions options -> offline(() -> StoreCommands.backup(options));
        case RestoreOptions options -> offline(() -> StoreCommands.restore(options));
        case MigrateOptions options ->
            offline(() -> StoreMigration.run(options, terminal(), System::nanoTime));
        case ClientCommands.CompletionCommand _ -> complete(root);
        default -> serve(serve.<ServeOptions>getCommand(), clock);
      };
    } catch (ParameterException | SettingsException e) {
      return complain(String.valueOf(e.getMessage()), MISUSED);
    }
  }

  private static Terminal terminal() {
    boolean watched = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return new Terminal(System.in, System.out, System.err, watched);
  }

  private static int complete(CommandLine root) {
    System.out.print(ClientCommands.completion(root));
    return OK;
  }

  private static int serve(ServeOptions options, InstantSource clock) {
    Settings settings = Settings.of(options, Version.current());
    Logs.configure(options.logFormat());
    NativeLibraries.besideIfNowhereElse(settings.storage().directory());
    try {
      Server.start(settings, clock);
      return OK;
    } catch (StartFailure e) {
      Logs.flush();
      return complain(String.valueOf(e.getMessage()), FAILED);
    }
  }

  /** What works on the database itself, and says in one line what it did. */
  private static int offline(Supplier<String> command) {
    // The database's driver would warn of its logger otherwise.
    Logs.configure(ServeOptions.LogFormat.auto);
    try {
      System.out.println(command.get());
      return OK;
    } catch (StoreException e) {
      return complain(String.valueOf(e.getMessage()), FAILED);
    } finally {
      Logs.flush();
    }
  }

  private static int complain(String message, int status) {
    System.err.println("feedback-webhooks: " + message);
    return status;
  }

  private static Set<String> names(CommandSpec spec) {
    return spec.options().stream()
        .map(SettingSources::nameOf)
        .filter(name -> !name.equals("help") && !name.equals("version"))
        .collect(Collectors.toUnmodifiableSet());
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
