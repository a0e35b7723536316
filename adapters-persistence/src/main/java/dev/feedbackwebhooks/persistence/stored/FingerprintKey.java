package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.key.Fingerprints;
import dev.feedbackwebhooks.domain.key.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Fingerprints by HMAC-SHA-256, cut to 64 bits. The key is made with the database and stands in it,
 * encrypted: fingerprints stay the same as long as it does.
 */
public final class FingerprintKey implements Fingerprints {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String RESOURCE = "fingerprint_key";
  private static final int SHOWN_BYTES = 8;
  private static final String DOES_NOT_OPEN =
      "the database's fingerprint key opens with no key of the key file: restore both from the same"
          + " backup";

  private final SecretKeySpec key;

  private FingerprintKey(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /**
   * Reads the database's key, or makes it.
   *
   * @param writer in a transaction beside which nobody else writes: the key that this one is
   *     encrypted by must not be retired meanwhile
   */
  public static FingerprintKey open(Connection writer, SecretBox box) throws SQLException {
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT encrypted FROM fingerprint_key")) {
      return new FingerprintKey(
          row.next() ? box.decrypt(row.getBytes(1), RESOURCE) : make(writer, box));
    } catch (GeneralSecurityException e) {
      throw new StoreException(DOES_NOT_OPEN, e);
    }
  }

  /** Encrypts the database's key by the newest one of {@code box}; its fingerprints stay. */
  public static void reencrypt(Connection connection, SecretBox box) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT encrypted FROM fingerprint_key");
        PreparedStatement update =
            connection.prepareStatement("UPDATE fingerprint_key SET encrypted = ?")) {
      if (row.next()) {
        update.setBytes(1, box.encrypt(box.decrypt(row.getBytes(1), RESOURCE), RESOURCE));
        update.executeUpdate();
      }
    } catch (GeneralSecurityException e) {
      throw new StoreException(DOES_NOT_OPEN, e);
    }
  }

  private static byte[] make(Connection writer, SecretBox box)
      throws SQLException, GeneralSecurityException {
    byte[] key = KeyGenerator.getInstance(ALGORITHM).generateKey().getEncoded();
    try (PreparedStatement insert =
        writer.prepareStatement("INSERT INTO fingerprint_key (encrypted) VALUES (?)")) {
      insert.setBytes(1, box.encrypt(key, RESOURCE));
      insert.executeUpdate();
    }
    return key;
  }

  /** With the resource's name in it: the same secret elsewhere has another one. */
  @Override
  public String of(String resource, Secret secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(resource.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return HexFormat.of().formatHex(mac.doFinal(secret.reveal()), 0, SHOWN_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
