package dev.feedbackwebhooks.persistence.postgresql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;

/**
 * Where the store keeps its data.
 *
 * @param url of a database that exists, as {@code postgresql://host:5432/name?user=somebody}, with
 *     the parameters of PostgreSQL's JDBC driver; what a password file tells need not be in it
 * @param secretKeyFile key that encrypts stored secrets; made on first use, mode 0600
 * @param stateDirectory where a process of this machine leaves word for the next one; made on first
 *     use
 * @param insecureDurability whether to work with a server that may lose what it has committed
 */
public record PostgresSettings(
    String url, Path secretKeyFile, Path stateDirectory, boolean insecureDurability) {
  /** With its state beside the key, and nothing that may be lost. */
  public PostgresSettings(String url, Path secretKeyFile) {
    this(url, secretKeyFile, beside(secretKeyFile), false);
  }

  private static Path beside(Path secretKeyFile) {
    return Objects.requireNonNullElse(secretKeyFile.getParent(), Path.of(""));
  }

  public PostgresSettings withState(Path directory) {
    return new PostgresSettings(url, secretKeyFile, directory, insecureDurability);
  }

  public PostgresSettings withInsecureDurability(boolean insecure) {
    return new PostgresSettings(url, secretKeyFile, stateDirectory, insecure);
  }

  String jdbcUrl() {
    return "jdbc:" + url;
  }

  /**
   * Opens a connection.
   *
   * @param pins of {@link SessionPins}
   */
  Connection connect(String pins) throws SQLException {
    Connection connection = DriverManager.getConnection(jdbcUrl(), defaults());
    try (Statement statement = connection.createStatement()) {
      statement.execute(pins);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** What the URL does not say itself. */
  Properties defaults() {
    Properties defaults = new Properties();
    defaults.setProperty("ApplicationName", "feedback-webhooks");
    defaults.setProperty("connectTimeout", "10");
    defaults.setProperty("socketTimeout", "60");
    defaults.setProperty("tcpKeepAlive", "true");
    // The details of an error quote rows, which name recipients.
    defaults.setProperty("logServerErrorDetail", "false");
    return defaults;
  }

  /** The URL without its parameters, one of which may be a password. */
  public String name() {
    int parameters = url.indexOf('?');
    return parameters < 0 ? url : url.substring(0, parameters);
  }

  @Override
  public String toString() {
    return name();
  }
}
