package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.key.Secret;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A configuration's secrets as they are stored: encrypted, and tied to its resource name.
 *
 * @param encrypted as the row has it
 */
public record ConfigSecrets(long scopeId, String resource, Secret encrypted) {
  /** What {@link #read} reads, of all configurations. */
  public static final String SELECT =
      """
      SELECT scope_id, organization, sandbox, secrets
      FROM webhook_config JOIN scope ON scope.id = scope_id
      """;

  private static final String UPDATE = "UPDATE webhook_config SET secrets = ? WHERE scope_id = ?";

  public static ConfigSecrets read(ResultSet row) throws SQLException {
    Scope scope = new Scope(row.getString("organization"), row.getString("sandbox"));
    return new ConfigSecrets(
        row.getLong("scope_id"), scope.configName(), Secret.of(row.getBytes("secrets")));
  }

  /**
   * Stores them encrypted by the newest key.
   *
   * @param keyFile what {@code box} is of
   * @throws StoreException if no key of it opens them
   */
  public void reencrypt(Connection connection, SecretBox box, Path keyFile) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      update.setBytes(1, box.encrypt(box.decrypt(encrypted.reveal(), resource), resource));
      update.setLong(2, scopeId);
      update.executeUpdate();
    } catch (GeneralSecurityException e) {
      throw new StoreException(
          "the secrets of "
              + resource
              + " open with no key of "
              + keyFile
              + ", in which the old keys still are: delete that configuration, then do this again",
          e);
    }
  }
}
