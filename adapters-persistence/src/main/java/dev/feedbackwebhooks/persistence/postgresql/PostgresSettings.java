package dev.feedbackwebhooks.persistence.postgresql;

import java.nio.file.Path;
import java.util.Properties;

/**
 * Where the store keeps its data.
 *
 * @param url of a database that exists, as {@code postgresql://host:5432/name?user=somebody}, with
 *     the parameters of PostgreSQL's JDBC driver; what a password file tells need not be in it
 * @param secretKeyFile key that encrypts stored secrets; made on first use, mode 0600
 */
public record PostgresSettings(String url, Path secretKeyFile) {
  String jdbcUrl() {
    return "jdbc:" + url;
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
