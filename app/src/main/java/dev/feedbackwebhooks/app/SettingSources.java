package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.cli.ClientCommands;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What is set where no flag says otherwise: by the environment, else by the settings file, else by
 * default. What stands there and is no setting is an error, since it is most likely a misspelled
 * one.
 */
final class SettingSources implements IDefaultValueProvider {
  static final String PREFIX = "FEEDBACK_WEBHOOKS_";

  private final Map<String, String> values;

  private SettingSources(Map<String, String> values) {
    this.values = values;
  }

  /**
   * @param known names of all settings, without dashes in front
   * @param flaggedFile the file that a flag names, if one does
   * @throws SettingsException for a setting that is not known, or a file that cannot be read
   */
  static SettingSources of(
      Map<String, String> environment, Optional<Path> flaggedFile, Set<String> known) {
    Map<String, String> inEnvironment = new HashMap<>();
    environment.forEach((name, value) -> {
      if (name.startsWith(PREFIX) && !isForClients(name)) {
        inEnvironment.put(settingOf(name, known), value);
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

  static String nameOf(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  /** A shell that speaks to a server may also start one. */
  private static boolean isForClients(String variable) {
    return ClientCommands.VARIABLES.contains(variable.substring(PREFIX.length()));
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
      values.put(name, properties.getProperty(name).strip());
    }
    return values;
  }
}
