package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.persistence.PersistenceModule;
import dev.feedbackwebhooks.persistence.StoreSettings;
import dev.feedbackwebhooks.persistence.postgresql.PostgresModule;
import dev.feedbackwebhooks.persistence.postgresql.PostgresSettings;
import dev.feedbackwebhooks.persistence.stored.KeyRotation;
import java.nio.file.Path;
import java.util.Optional;

/** What is done to a database beside its server, or without one; each answers with what it did. */
final class StoreCommands {
  private StoreCommands() {}

  static String rotate(RotateOptions options) {
    boolean keep = options.keepOldKeys();
    return switch (Settings.storage(options.database(), options.secretKeyFile())) {
      case Storage.Sqlite(StoreSettings store) ->
          text(store.secretKeyFile(), PersistenceModule.rotateSecretKey(store, keep));
      case Storage.Postgres(PostgresSettings store) ->
          text(
                  store.secretKeyFile(),
                  PostgresModule.rotateSecretKey(
                      store.withInsecureDurability(options.insecureDurability()), keep))
              + "; give a copy of it to every server";
    };
  }

  private static String text(Path keyFile, KeyRotation done) {
    return "rotated "
        + keyFile
        + ": 1 key added, secrets of "
        + done.reencrypted()
        + " configurations encrypted anew, "
        + done.retired()
        + " old keys removed";
  }

  static String backup(BackupOptions options) {
    Path database = Settings.store("--database", options.database(), Optional.empty()).database();
    PersistenceModule.Backup held = PersistenceModule.backup(database, options.to());
    return "backed up " + database + " to " + options.to() + ": " + text(held);
  }

  static String restore(RestoreOptions options) {
    StoreSettings store = Settings.store("--database", options.database(), options.secretKeyFile());
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
