package dev.feedbackwebhooks.app.options;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The file that settings are read from besides; {@link SettingSources} reads it. */
public final class SettingsFileOption {
  @Option(names = "--settings", paramLabel = "FILE", description = "Properties file of settings.")
  Optional<Path> settings;
}
