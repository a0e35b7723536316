package dev.feedbackwebhooks.app.options;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Rules that several settings have; a broken one names its setting. */
final class Rules {
  private Rules() {}

  static void positive(String name, Duration duration) {
    require(duration.isPositive(), name + ": must be longer than nothing");
  }

  static void between(String name, int value, int least, int most) {
    require(value >= least && value <= most, name + ": must be " + least + " to " + most);
  }

  static void readable(String name, Path file) {
    require(Files.isReadable(file), name + ": cannot read " + file);
  }

  static void require(boolean kept, String message) {
    if (!kept) {
      throw new SettingsException(message);
    }
  }
}
