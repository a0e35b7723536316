package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.persistence.PersistenceModule;
import dev.feedbackwebhooks.persistence.StoreException;
import dev.feedbackwebhooks.persistence.StoreSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line: {@code feedback-webhooks serve} and {@code rotate-secret-key}. */
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
    // Times are stored in milliseconds: what is answered at once must be what is read later.
    start(args, Clock.tickMillis(ZoneOffset.UTC));
  }

  /**
   * The same by another clock, for those who find out what becomes of a server whose clock jumps.
   *
   * @param clock in whole milliseconds
   */
  public static void start(String[] args, InstantSource clock) {
    int status = run(args, System.getenv(), clock);
    if (status != OK || !Server.isRunning()) {
      System.exit(status);
    }
  }

  static int run(String[] args, Map<String, String> environment, InstantSource clock) {
    CommandLine serve = new CommandLine(ServeOptions.class);
    CommandLine rotate = new CommandLine(RotateOptions.class);
    CommandLine root =
        new CommandLine(new Root())
            .addSubcommand("serve", serve)
            .addSubcommand("rotate-secret-key", rotate);
    for (CommandLine command : List.of(root, serve, rotate)) {
      command.getCommandSpec().version("feedback-webhooks " + Version.current());
      SettingTypes.register(command);
      command.setCaseInsensitiveEnumValuesAllowed(true);
    }
    try {
      SettingSources sources =
          SettingSources.of(environment, flaggedFile(args), names(serve.getCommandSpec()));
      serve.setDefaultValueProvider(sources);
      rotate.setDefaultValueProvider(sources);
      ParseResult parsed = root.parseArgs(args);
      if (CommandLine.printHelpIfRequested(parsed)) {
        return OK;
      }
      if (!parsed.hasSubcommand()) {
        root.usage(System.err);
        return MISUSED;
      }
      return parsed.subcommand().commandSpec().userObject() instanceof RotateOptions options
          ? rotate(options)
          : serve(serve.<ServeOptions>getCommand(), clock);
    } catch (ParameterException | SettingsException e) {
      return complain(String.valueOf(e.getMessage()), MISUSED);
    }
  }

  private static int serve(ServeOptions options, InstantSource clock) {
    Settings settings = Settings.of(options, Version.current());
    Logs.configure(options.logFormat());
    try {
      Server.start(settings, clock);
      return OK;
    } catch (StartFailure e) {
      Logs.flush();
      return complain(String.valueOf(e.getMessage()), FAILED);
    }
  }

  private static int rotate(RotateOptions options) {
    StoreSettings store = Settings.store(options.database(), options.secretKeyFile());
    // The database's driver would warn of its logger otherwise.
    Logs.configure(ServeOptions.LogFormat.auto);
    try {
      PersistenceModule.Rotation done =
          PersistenceModule.rotateSecretKey(store, options.keepOldKeys());
      System.out.println(
          "rotated "
              + store.secretKeyFile()
              + ": 1 key added, secrets of "
              + done.reencrypted()
              + " configurations encrypted anew, "
              + done.retired()
              + " old keys removed");
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
