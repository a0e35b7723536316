package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.ConfigSecrets;
import dev.feedbackwebhooks.persistence.stored.FingerprintKey;
import dev.feedbackwebhooks.persistence.stored.KeyRotation;
import dev.feedbackwebhooks.persistence.stored.SecretBox;
import dev.feedbackwebhooks.persistence.stored.SecretKeyCheck;
import dev.feedbackwebhooks.persistence.stored.SecretKeyFile;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Exchanges the key that secrets are encrypted with, beside a running server or without one, in
 * steps after each of which the process may die: a new key, every value encrypted by it, the old
 * keys gone. Begun anew, it ends in the same way.
 */
final class SecretKeyRotation implements AutoCloseable {
  /** Rows of one transaction: a server's commits wait for it. */
  private static final int BATCH = 200;

  private static final String SELECT_BATCH =
      ConfigSecrets.SELECT + "WHERE scope_id > ? ORDER BY scope_id LIMIT ?";

  private static final String COUNT_OLD =
      """
      SELECT (SELECT COUNT(*) FROM webhook_config WHERE substr(secrets, 1, 5) <> ?1)
        + (SELECT COUNT(*) FROM secret_key_check WHERE substr(encrypted, 1, 5) <> ?1)
        + (SELECT COUNT(*) FROM fingerprint_key WHERE substr(encrypted, 1, 5) <> ?1)
      """;

  private final Connection connection;
  private final SecretBox box;
  private final StoreSettings settings;

  private SecretKeyRotation(Connection connection, SecretBox box, StoreSettings settings) {
    this.connection = connection;
    this.box = box;
    this.settings = settings;
  }

  /**
   * @throws StoreException if there is no database of this version, or the key file does not fit it
   */
  static SecretKeyRotation open(StoreSettings settings) throws SQLException {
    if (!Files.exists(settings.database())) {
      throw new StoreException(
          "there is no database " + settings.database() + ": name it by --database", null);
    }
    Connection connection = Database.beside(settings.database());
    try {
      Schema.requireCurrent(connection);
      SecretBox box =
          SecretKeyCheck.openFitting(
              connection,
              String.valueOf(settings.database()),
              new SecretKeyFile(settings.secretKeyFile()));
      return new SecretKeyRotation(connection, box, settings);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** All steps. */
  KeyRotation rotate(boolean keepOldKeys) throws SQLException {
    addKey();
    int values = reencrypt();
    if (keepOldKeys) {
      return new KeyRotation(values, 0);
    }
    OptionalInt retired = retire();
    while (retired.isEmpty()) {
      // Another rotation, at the same time, added a key.
      values += reencrypt();
      retired = retire();
    }
    return new KeyRotation(values, retired.getAsInt());
  }

  /** The first step: what is written from now on is encrypted by a new key. */
  void addKey() throws SQLException {
    int _ =
        locked(() -> {
          box.addKey();
          return 0;
        });
  }

  /**
   * The second one.
   *
   * @return how many configurations' secrets are encrypted by the newest key and were not before
   */
  int reencrypt() throws SQLException {
    // First: a key file of before must not pass at the next start once a single row needs the new.
    int _ =
        locked(() -> {
          SecretKeyCheck.remember(connection, box);
          FingerprintKey.reencrypt(connection, box);
          return 0;
        });
    int changed = 0;
    List<ConfigSecrets> batch = new ArrayList<>();
    long after = Long.MIN_VALUE;
    do {
      long from = after;
      batch.clear();
      changed += locked(() -> reencryptAfter(from, batch));
      after = batch.isEmpty() ? after : batch.getLast().scopeId();
    } while (!batch.isEmpty());
    return changed;
  }

  /**
   * The last one: only the newest key stays in the file.
   *
   * @return how many went; empty, and nothing done, if a value still needs one of them
   */
  OptionalInt retire() throws SQLException {
    int retired = locked(() -> countOld() > 0 ? -1 : box.dropOldKeys());
    return retired < 0 ? OptionalInt.empty() : OptionalInt.of(retired);
  }

  private int reencryptAfter(long after, List<ConfigSecrets> batch) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SELECT_BATCH)) {
      select.setLong(1, after);
      select.setInt(2, BATCH);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          batch.add(ConfigSecrets.read(row));
        }
      }
    }
    byte[] newest = box.newestPrefix();
    int changed = 0;
    for (ConfigSecrets stored : batch) {
      if (!startsWith(stored.encrypted().reveal(), newest)) {
        stored.reencrypt(connection, box, settings.secretKeyFile());
        changed++;
      }
    }
    return changed;
  }

  private long countOld() throws SQLException {
    try (PreparedStatement count = connection.prepareStatement(COUNT_OLD)) {
      count.setBytes(1, box.newestPrefix());
      try (ResultSet row = count.executeQuery()) {
        return row.getLong(1);
      }
    }
  }

  private static boolean startsWith(byte[] value, byte[] prefix) {
    return value.length >= prefix.length
        && Arrays.equals(value, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** What is done while nobody else writes. */
  private interface Step {
    int run() throws SQLException;
  }

  private int locked(Step step) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        int answer = step.run();
        statement.execute("COMMIT");
        return answer;
      } catch (SQLException | RuntimeException e) {
        statement.execute("ROLLBACK");
        throw e;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
