package dev.feedbackwebhooks.persistence.stored;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Finds out at start, not at the first delivery, that a key file is not the one that a database's
 * secrets were encrypted with.
 */
public final class SecretKeyCheck {
  private static final String RESOURCE = "secret_key_check";
  private static final byte[] KNOWN = "known".getBytes(StandardCharsets.UTF_8);

  private SecretKeyCheck() {}

  /**
   * Opens the key file that the database's secrets are encrypted with; makes one for a new one.
   *
   * @param database what it is called in messages
   */
  public static SecretBox open(Connection writer, String database, SecretKeyFile file)
      throws SQLException {
    boolean remembered = isRemembered(writer);
    SecretBox box = SecretBox.open(file, remembered);
    if (remembered) {
      pass(writer, box, database, file);
    } else {
      remember(writer, box);
    }
    return box;
  }

  /** Opens the key file of a database that has secrets already; makes none. */
  public static SecretBox openFitting(Connection connection, String database, SecretKeyFile file) {
    SecretBox box = SecretBox.open(file, true);
    pass(connection, box, database, file);
    return box;
  }

  private static boolean isRemembered(Connection writer) throws SQLException {
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT 1 FROM secret_key_check")) {
      return row.next();
    }
  }

  private static void pass(Connection writer, SecretBox box, String database, SecretKeyFile file) {
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT encrypted FROM secret_key_check")) {
      if (row.next()) {
        var _ = box.decrypt(row.getBytes(1), RESOURCE);
      }
    } catch (SQLException e) {
      throw new StoreException("cannot read the database " + database, e);
    } catch (GeneralSecurityException e) {
      throw new StoreException(
          "the key file "
              + file.path()
              + " is not the one that the secrets in "
              + database
              + " were encrypted with: restore that one (a database from a backup needs the key"
              + " file of that time), or name it by --secret-key-file",
          e);
    }
  }

  /** Notes the newest key as the one that is needed. */
  public static void remember(Connection writer, SecretBox box) throws SQLException {
    try (PreparedStatement delete = writer.prepareStatement("DELETE FROM secret_key_check");
        PreparedStatement insert =
            writer.prepareStatement("INSERT INTO secret_key_check (encrypted) VALUES (?)")) {
      insert.setBytes(1, box.encrypt(KNOWN, RESOURCE));
      delete.executeUpdate();
      insert.executeUpdate();
    }
  }
}
