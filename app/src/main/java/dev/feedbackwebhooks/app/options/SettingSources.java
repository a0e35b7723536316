package dev.feedbackwebhooks.app.options;

import dev.feedbackwebhooks.cli.ClientCommands;
import dev.feedbackwebhooks.cli.EnvironmentText;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of settings that no flag gives: from the environment, else by the settings file, else by
 * default. What stands there and is no setting is an error, since it is most likely a misspelled
 * one.
 */
public final class SettingSources implements IDefaultValueProvider {
  /** The prefix of all variables of the environment that are settings. */
  public static final String PREFIX = "FEEDBACK_WEBHOOKS_";

  /** The variables that tell of a service (Kubernetes, Docker), whose name may go on after ours. */
  private static final Pattern SERVICE =
      Pattern.compile(
          "(.+_)?SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)"
              + "|(.+_)?PORT_[0-9]+_(TCP|UDP|SCTP)_(ADDR|PORT|PROTO)(_START|_END)?"
              + "|ENV_.+");

  private static final Pattern URL =
      Pattern.compile("(.+_)?PORT(_[0-9]+_(TCP|UDP|SCTP)(_START|_END)?)?");

  private final Map<String, String> values;

  private SettingSources(Map<String, String> values) {
    this.values = values;
  }

  /**
   * The settings of the environment and the settings file.
   *
   * @param serve the command that has all settings
   * @param flaggedFile the file that a flag names, if one does
   * @throws SettingsException for a setting that is not known, or a file that cannot be read
   */
  public static SettingSources of(
      Map<String, String> environment, Optional<Path> flaggedFile, CommandSpec serve) {
    Set<String> known = names(serve);
    Map<String, String> inEnvironment = new HashMap<>();
    environment.forEach((name, value) -> {
      Optional<String> text = EnvironmentText.set(value);
      if (name.startsWith(PREFIX) && text.isPresent() && !isForOthers(name, text.get())) {
        inEnvironment.put(settingOf(name, known), text.get());
      }
    });
    Optional<Path> file =
        flaggedFile.or(() -> Optional.ofNullable(inEnvironment.get("settings")).map(Path::of));
    Map<String, String> values = new HashMap<>();
    file.ifPresent(path -> values.putAll(read(path, known)));
    values.putAll(inEnvironment);
    return new SettingSources(values);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    String set = arg instanceof OptionSpec option ? values.get(nameOf(option)) : null;
    return set != null ? set : arg.defaultValue();
  }

  private static Set<String> names(CommandSpec spec) {
    return spec.options().stream()
        .map(SettingSources::nameOf)
        .filter(name -> !name.equals("help") && !name.equals("version"))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String nameOf(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  /**
   * A shell that speaks to a server may also start one. And Kubernetes and {@code docker --link}
   * tell every container where a service of our name is.
   */
  private static boolean isForOthers(String variable, String value) {
    String name = variable.substring(PREFIX.length());
    return ClientCommands.VARIABLES.contains(name)
        || SERVICE.matcher(name).matches()
        || (URL.matcher(name).matches() && value.matches("(tcp|udp|sctp)://.*"))
        || (name.endsWith("NAME") && value.startsWith("/"));
  }

  private static String settingOf(String variable, Set<String> known) {
    String name = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    if (!known.contains(name)) {
      throw new SettingsException(
          "unknown setting " + variable + " in the environment: --help lists all of them");
    }
    return name;
  }

  private static Map<String, String> read(Path file, Set<String> known) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException("cannot read the settings file " + file + ": " + e.getMessage());
    }
    Map<String, String> values = new HashMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (!known.contains(name) || name.equals("settings")) {
        throw new SettingsException(
            "unknown setting " + name + " in " + file + ": --help lists all of them");
      }
      EnvironmentText.set(properties.getProperty(name).strip())
          .ifPresent(value -> values.put(name, value));
    }
    return values;
  }
}
