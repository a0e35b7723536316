package dev.feedbackwebhooks.app;

import java.util.Objects;

/** This program's version, as its jar says. */
final class Version {
  private Version() {}

  static String current() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "development");
  }
}
