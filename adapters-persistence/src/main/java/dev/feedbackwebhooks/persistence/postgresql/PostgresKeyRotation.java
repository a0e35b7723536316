package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.Secret;
import dev.feedbackwebhooks.persistence.stored.FingerprintKey;
import dev.feedbackwebhooks.persistence.stored.KeyRotation;
import dev.feedbackwebhooks.persistence.stored.OfflineStore;
import dev.feedbackwebhooks.persistence.stored.SecretBox;
import dev.feedbackwebhooks.persistence.stored.SecretKeyCheck;
import dev.feedbackwebhooks.persistence.stored.SecretKeyFile;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
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
  private static final String SELECT =
      """
      SELECT scope_id, organization, sandbox, secrets
      FROM webhook_config JOIN scope ON scope.id = scope_id
      """;
  private static final String UPDATE = "UPDATE webhook_config SET secrets = ? WHERE scope_id = ?";

  private record Stored(long scopeId, String resource, Secret secrets) {}

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
    List<Stored> all = read();
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      for (Stored stored : all) {
        update.setBytes(1, reencrypted(stored));
        update.setLong(2, stored.scopeId());
        update.addBatch();
      }
      update.executeBatch();
    }
    FingerprintKey.reencrypt(connection, box);
    SecretKeyCheck.remember(connection, box);
    connection.commit();
    return all.size();
  }

  private List<Stored> read() throws SQLException {
    List<Stored> all = new ArrayList<>();
    try (Statement select = connection.createStatement();
        ResultSet row = select.executeQuery(SELECT)) {
      while (row.next()) {
        Scope scope = new Scope(row.getString(2), row.getString(3));
        all.add(new Stored(row.getLong(1), scope.configName(), Secret.of(row.getBytes(4))));
      }
    }
    return all;
  }

  private byte[] reencrypted(Stored stored) {
    try {
      return box.encrypt(
          box.decrypt(stored.secrets().reveal(), stored.resource()), stored.resource());
    } catch (GeneralSecurityException e) {
      throw new StoreException(
          "the secrets of "
              + stored.resource()
              + " open with no key of "
              + settings.secretKeyFile()
              + ", in which the old keys still are: delete that configuration, then do this again",
          e);
    }
  }
}
