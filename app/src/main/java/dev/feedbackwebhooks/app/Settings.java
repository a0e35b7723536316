package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.domain.config.EgressLists;
import dev.feedbackwebhooks.domain.config.EgressPolicy;
import dev.feedbackwebhooks.domain.delivery.EngineLimits;
import dev.feedbackwebhooks.domain.delivery.HealthRules;
import dev.feedbackwebhooks.domain.delivery.Retention;
import dev.feedbackwebhooks.grpc.GrpcSettings;
import dev.feedbackwebhooks.persistence.StoreSettings;
import dev.feedbackwebhooks.persistence.postgresql.PostgresSettings;
import dev.feedbackwebhooks.sender.SenderSettings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The process's settings, checked: what each part of it needs.
 *
 * @param retrySchedule delays before attempts 2, 3, …
 * @param organizationMetrics whether outcomes are counted for each organization
 * @param otlp empty: nothing is traced
 */
record Settings(
    GrpcSettings grpc,
    OpsServer.Listening ops,
    Storage storage,
    SenderSettings sender,
    EgressPolicy egress,
    EngineLimits engine,
    List<Duration> retrySchedule,
    Retention retention,
    HealthRules health,
    boolean organizationMetrics,
    Optional<OtlpSettings> otlp) {
  private static final String SQLITE = "sqlite:";
  private static final String POSTGRES = "postgresql:";

  /** The driver takes a user as a parameter only. */
  private static final Pattern AUTHORITY = Pattern.compile("postgresql://[^/?]*@");

  private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);
  private static final Duration LONGEST_DELAY = Duration.ofDays(30);
  private static final Duration LONGEST_KEPT = Duration.ofDays(36_500);
  private static final long MIB = 1024L * 1024;

  /**
   * Checks the rules that span settings.
   *
   * @throws SettingsException for the first one that is broken
   */
  static Settings of(ServeOptions options, String version) {
    EgressPolicy egress = egress(options);
    return new Settings(
        GrpcRules.settings(options),
        GrpcRules.ops(options),
        storage(options),
        sender(options, egress, version),
        egress,
        engine(options),
        schedule(options.retrySchedule()),
        retention(options),
        health(options),
        options.metricsOrganizations(),
        otlp(options, version));
  }

  private static Optional<OtlpSettings> otlp(ServeOptions options, String version) {
    require(
        options.otlpSample() >= 0 && options.otlpSample() <= 1, "--otlp-sample: must be 0 to 1");
    if (options.otlpEndpoint().isEmpty()) {
      return Optional.empty();
    }
    URI endpoint = options.otlpEndpoint().get();
    require(
        ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
            && endpoint.getHost() != null,
        "--otlp-endpoint: must be a URL like http://127.0.0.1:4318/v1/traces");
    return Optional.of(
        new OtlpSettings(endpoint, options.otlpSample(), given(options.otlpHeaders()), version));
  }

  private static EgressPolicy egress(ServeOptions options) {
    return new EgressPolicy(
        given(options.egressAllow()),
        new EgressLists(
            given(options.egressAllowHosts()),
            given(options.egressDenyHosts()),
            given(options.egressPorts())));
  }

  /** An option that nobody gave is null, whatever its type says. */
  private static <T> List<T> given(@Nullable List<T> values) {
    return values == null ? List.of() : values;
  }

  /** Where the data and the key are. */
  static Storage storage(String database, Optional<Path> keyFile) {
    if (!database.startsWith(POSTGRES)) {
      require(
          database.startsWith(SQLITE),
          // Not the value: a URL may hold a password.
          "--database: is no database that this version knows: give sqlite:PATH or"
              + " postgresql://HOST/NAME?user=USER");
      return new Storage.Sqlite(store("--database", database, keyFile));
    }
    refuseUserInFront("--database", database);
    require(
        keyFile.isPresent(),
        "--secret-key-file: is needed where --database is at a server: name a file that is kept");
    return new Storage.Postgres(
        postgres("--database", database, keyFile.get().toAbsolutePath().normalize()));
  }

  /** Of a server, which leaves word for the next one. */
  private static Storage storage(ServeOptions options) {
    return switch (storage(options.database(), options.secretKeyFile())) {
      case Storage.Sqlite sqlite -> sqlite;
      case Storage.Postgres(PostgresSettings store) ->
          new Storage.Postgres(
              store
                  .withInsecureDurability(options.insecureDurability())
                  .withState(options.stateDirectory().orElse(store.stateDirectory())));
    };
  }

  /** The same at a server. */
  static PostgresSettings postgres(String option, String database, Path keyFile) {
    require(
        database.startsWith(POSTGRES),
        option + ": is no database at a server: give postgresql://HOST/NAME?user=USER");
    refuseUserInFront(option, database);
    return new PostgresSettings(database, keyFile);
  }

  private static void refuseUserInFront(String option, String database) {
    require(
        !AUTHORITY.matcher(database).lookingAt(),
        option
            + ": names its user before the host: give postgresql://HOST/NAME?user=USER, and the"
            + " password in the file that PGPASSFILE names");
  }

  /**
   * The same of a file.
   *
   * @param keyFile beside the database unless given
   */
  static StoreSettings store(String option, String database, Optional<Path> keyFile) {
    require(
        !database.startsWith(POSTGRES),
        option
            + ": this is done to SQLite only: give sqlite:PATH, and for PostgreSQL use its own"
            + " tools");
    require(
        database.startsWith(SQLITE) && database.length() > SQLITE.length(),
        // Not the value: a URL may hold a password.
        option + ": is no database that this version knows: give sqlite:PATH");
    Path file = Path.of(database.substring(SQLITE.length())).toAbsolutePath().normalize();
    require(!Files.isDirectory(file), option + ": " + file + " is a directory: name a file");
    Path key = keyFile.orElse(file.resolveSibling(file.getFileName() + ".key"));
    return new StoreSettings(file, key.toAbsolutePath().normalize());
  }

  private static SenderSettings sender(ServeOptions options, EgressPolicy egress, String version) {
    positive("--connect-timeout", options.connectTimeout());
    positive("--attempt-timeout", options.attemptTimeout());
    require(
        options.connectTimeout().compareTo(options.attemptTimeout()) <= 0,
        "--connect-timeout: must not be longer than --attempt-timeout");
    options.egressCa().ifPresent(file -> readable("--egress-ca", file));
    for (InetSocketAddress server : given(options.egressDns())) {
      require(
          server.getPort() > 0, "--egress-dns: port 0 is none: give the name server's, mostly 53");
    }
    return new SenderSettings(
        options.connectTimeout(),
        options.attemptTimeout(),
        "feedback-webhooks/" + version,
        options.egressCa(),
        egress,
        given(options.egressDns()),
        options.egressProxy(),
        options.totalInFlight());
  }

  private static EngineLimits engine(ServeOptions options) {
    require(
        options.lease().compareTo(options.attemptTimeout().plus(LEASE_MARGIN)) > 0,
        "--lease: must be longer than --attempt-timeout and 5s more, or deliveries in flight would"
            + " be claimed a second time");
    between("--endpoint-in-flight", options.endpointInFlight(), 1, 1_000);
    between("--total-in-flight", options.totalInFlight(), 1, 100_000);
    between("--delivery-memory", options.deliveryMemoryMib(), 1, 65_536);
    return new EngineLimits(
        options.endpointInFlight(),
        options.totalInFlight(),
        options.deliveryMemoryMib() * MIB,
        options.lease());
  }

  private static List<Duration> schedule(List<Duration> delays) {
    for (Duration delay : delays) {
      positive("--retry-schedule", delay);
      require(
          delay.compareTo(LONGEST_DELAY) <= 0, "--retry-schedule: a delay is longer than 30 days");
    }
    require(delays.size() <= 50, "--retry-schedule: has more than 50 delays");
    return delays;
  }

  private static HealthRules health(ServeOptions options) {
    require(
        options.disableSpread().compareTo(Duration.ofDays(1)) <= 0,
        "--disable-spread: is longer than a day, within which failures are compared");
    return new HealthRules(options.disableAfter(), options.disableSpread());
  }

  private static Retention retention(ServeOptions options) {
    Duration delivered = kept("--retention-delivered", options.retentionDelivered());
    Duration ended = kept("--retention-ended", options.retentionEnded());
    Duration longest = delivered.compareTo(ended) > 0 ? delivered : ended;
    Duration bodies = options.retentionBodies().orElse(longest);
    positive("--retention-bodies", bodies);
    return new Retention(delivered, ended, bodies);
  }

  private static Duration kept(String name, Duration time) {
    require(
        time.compareTo(Retention.DEDUPLICATION) >= 0 && time.compareTo(LONGEST_KEPT) <= 0,
        name
            + ": must be 7d to 36500d: an event is known as a duplicate for as long as its delivery"
            + " is kept; to part with recipients earlier, use --retention-bodies");
    return time;
  }

  static void positive(String name, Duration duration) {
    require(duration.isPositive(), name + ": must be longer than nothing");
  }

  static void between(String name, int value, int least, int most) {
    require(value >= least && value <= most, name + ": must be " + least + " to " + most);
  }

  static void readable(String name, Path file) {
    require(Files.isReadable(file), name + ": cannot read " + file);
  }

  static void require(boolean kept, String message) {
    if (!kept) {
      throw new SettingsException(message);
    }
  }
}
