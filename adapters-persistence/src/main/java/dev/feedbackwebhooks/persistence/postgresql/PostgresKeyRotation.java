package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.ConfigSecrets;
import dev.feedbackwebhooks.persistence.stored.FingerprintKey;
import dev.feedbackwebhooks.persistence.stored.KeyRotation;
import dev.feedbackwebhooks.persistence.stored.OfflineStore;
import dev.feedbackwebhooks.persistence.stored.SecretBox;
import dev.feedbackwebhooks.persistence.stored.SecretKeyCheck;
import dev.feedbackwebhooks.persistence.stored.SecretKeyFile;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Exchanges the key that secrets are encrypted with while no server runs: each has a copy of the
 * key file, and would write by a key that others do not know. Whenever it dies, the file has every
 * key that the database needs, and begun anew it ends in the same way.
 */
final class PostgresKeyRotation {
  private final Connection connection;
  private final SecretBox box;
  private final PostgresSettings settings;

  private PostgresKeyRotation(Connection connection, SecretBox box, PostgresSettings settings) {
    this.connection = connection;
    this.box = box;
    this.settings = settings;
  }

  /**
   * @throws StoreException if the key file does not fit the database, or a server works on it
   */
  static KeyRotation run(PostgresSettings settings, boolean keepOldKeys) {
    try (OfflineStore store = OfflinePostgres.open(settings)) {
      Connection connection = store.connection();
      OfflinePostgres.keepServersOut(store);
      HalfMigrated.refuse(connection, settings);
      refuseEmpty(connection, settings);
      SecretBox box =
          SecretKeyCheck.openFitting(
              connection, settings.name(), new SecretKeyFile(settings.secretKeyFile()));
      int reencrypted = new PostgresKeyRotation(connection, box, settings).reencrypt();
      return new KeyRotation(reencrypted, keepOldKeys ? 0 : box.dropOldKeys());
    } catch (SQLException e) {
      throw new StoreException(
          "cannot write to the database " + settings.name() + ": " + e.getMessage(), e);
    }
  }

  private static void refuseEmpty(Connection connection, PostgresSettings settings)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT 1 FROM secret_key_check")) {
      if (!row.next()) {
        throw new StoreException(
            "the database " + settings.name() + " has no secrets yet: name another by --database",
            null);
      }
    }
  }

  /** In one transaction, which keeps servers out: either all needs the new key, or nothing does. */
  private int reencrypt() throws SQLException {
    box.addKey();
    List<ConfigSecrets> all = read();
    for (ConfigSecrets stored : all) {
      stored.reencrypt(connection, box, settings.secretKeyFile());
    }
    FingerprintKey.reencrypt(connection, box);
    SecretKeyCheck.remember(connection, box);
    connection.commit();
    return all.size();
  }

  private List<ConfigSecrets> read() throws SQLException {
    List<ConfigSecrets> all = new ArrayList<>();
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery(ConfigSecrets.SELECT)) {
      while (row.next()) {
        all.add(ConfigSecrets.read(row));
      }
    }
    return all;
  }
}
