package dev.feedbackwebhooks.app.rules;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/**
 * Leaves test code out. ArchUnit's own option takes a sibling module's {@code -tests.jar}, which is
 * what the class path has under {@code verify}, for main code.
 */
final class MainCode implements ImportOption {
  @Override
  public boolean includes(Location location) {
    return !location.contains("test-classes/") && !location.contains("-tests.jar");
  }
}
