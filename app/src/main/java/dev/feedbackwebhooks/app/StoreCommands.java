package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.persistence.PersistenceModule;
import dev.feedbackwebhooks.persistence.StoreSettings;
import dev.feedbackwebhooks.persistence.stored.KeyRotation;
import java.nio.file.Path;
import java.util.Optional;

/** What is done to a database beside its server, or without one; each answers with what it did. */
final class StoreCommands {
  private StoreCommands() {}

  static String rotate(RotateOptions options) {
    StoreSettings store = Settings.store(options.database(), options.secretKeyFile());
    KeyRotation done = PersistenceModule.rotateSecretKey(store, options.keepOldKeys());
    return "rotated "
        + store.secretKeyFile()
        + ": 1 key added, secrets of "
        + done.reencrypted()
        + " configurations encrypted anew, "
        + done.retired()
        + " old keys removed";
  }

  static String backup(BackupOptions options) {
    Path database = Settings.store(options.database(), Optional.empty()).database();
    PersistenceModule.Backup held = PersistenceModule.backup(database, options.to());
    return "backed up " + database + " to " + options.to() + ": " + text(held);
  }

  static String restore(RestoreOptions options) {
    StoreSettings store = Settings.store(options.database(), options.secretKeyFile());
    PersistenceModule.Backup held = PersistenceModule.restore(options.from(), store);
    return "restored " + store.database() + " from " + options.from() + ": " + text(held);
  }

  private static String text(PersistenceModule.Backup held) {
    return held.configurations()
        + " configurations, "
        + held.deliveries()
        + " deliveries, "
        + held.bytes()
        + " bytes, checked";
  }
}
