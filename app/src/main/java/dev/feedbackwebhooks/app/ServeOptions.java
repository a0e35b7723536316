package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.domain.config.AddressRange;
import dev.feedbackwebhooks.domain.config.HostPattern;
import dev.feedbackwebhooks.domain.config.PortRange;
import dev.feedbackwebhooks.sender.ProxySettings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The settings of {@code serve} as they are written: as flags, in the environment, or in a file.
 * Their rules stand in {@link Settings}.
 */
@Command(
    name = "serve",
    description = "Runs the server until SIGTERM.",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Each setting is also read from the environment (--grpc-address as"
          + " FEEDBACK_WEBHOOKS_GRPC_ADDRESS) and from the --settings file (a line grpc-address ="
          + " …). A flag wins over the environment, and the environment over the file.",
      "Durations are written like 250ms, 15s, 5m, 2h, 7d."
    })
interface ServeOptions {
  @Option(names = "--settings", paramLabel = "FILE", description = "Properties file of settings.")
  Optional<Path> settings();

  @Option(
      names = "--grpc-address",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9090",
      description = "Where gRPC listens; port 0 takes a free one (${DEFAULT-VALUE}).")
  InetSocketAddress grpcAddress();

  @Option(
      names = "--ops-address",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9091",
      description =
          "Where /metrics, /healthz and /readyz are, for whoever reaches it; beyond this machine by"
              + " https with --tls-cert, or in the clear with --insecure (${DEFAULT-VALUE}).")
  InetSocketAddress opsAddress();

  @Option(
      names = "--database",
      paramLabel = "URL",
      defaultValue = "sqlite:./data/feedback.db",
      description = "sqlite:PATH, or postgresql://HOST/NAME?user=USER (${DEFAULT-VALUE}).")
  String database();

  @Option(
      names = "--secret-key-file",
      paramLabel = "FILE",
      description =
          "Key that encrypts stored secrets; made on first start, beside a SQLite file by default.")
  Optional<Path> secretKeyFile();

  @Option(
      names = "--state-directory",
      paramLabel = "DIR",
      description =
          "Where a server on PostgreSQL leaves word for the next one on its machine; the secret key"
              + " file's by default.")
  Optional<Path> stateDirectory();

  @Option(
      names = "--insecure-durability",
      arity = "0..1",
      defaultValue = "false",
      fallbackValue = "true",
      description =
          "Takes a PostgreSQL whose fsync or full_page_writes is off: what was acknowledged may be"
              + " lost.")
  boolean insecureDurability();

  @Option(
      names = "--egress-allow",
      paramLabel = "CIDR",
      split = ",",
      description = "Address ranges that endpoints may have besides the public internet.")
  List<AddressRange> egressAllow();

  @Option(
      names = "--egress-allow-hosts",
      paramLabel = "HOST",
      split = ",",
      description =
          "Hosts that endpoints may have, like hooks.acme.org or *.example.com; all by default.")
  List<HostPattern> egressAllowHosts();

  @Option(
      names = "--egress-deny-hosts",
      paramLabel = "HOST",
      split = ",",
      description = "Hosts that endpoints may not have, though they be allowed.")
  List<HostPattern> egressDenyHosts();

  @Option(
      names = "--egress-ports",
      paramLabel = "PORT",
      split = ",",
      description = "Ports that endpoints may have, like 443,1024-65535; all by default.")
  List<PortRange> egressPorts();

  @Option(
      names = "--egress-dns",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "Name servers for endpoints' hosts; the system's by default.")
  List<InetSocketAddress> egressDns();

  @Option(
      names = "--egress-proxy",
      paramLabel = "URL",
      description =
          "HTTP proxy for connections to endpoints: http://[user:password@]host:port. With a"
              + " password, set it in the environment or the file: flags show in process lists.")
  Optional<ProxySettings> egressProxy();

  @Option(
      names = "--egress-ca",
      paramLabel = "FILE",
      description = "PEM file of CAs that endpoints' certificates may have besides the system's.")
  Optional<Path> egressCa();

  @Option(
      names = "--retry-schedule",
      paramLabel = "DELAYS",
      split = ",",
      defaultValue = "5s,5m,30m,2h,5h,10h,14h,20h,24h",
      description = "Delays before attempts 2, 3, … (${DEFAULT-VALUE}).")
  List<Duration> retrySchedule();

  @Option(
      names = "--attempt-timeout",
      paramLabel = "DURATION",
      defaultValue = "15s",
      description = "For one whole exchange, body included (${DEFAULT-VALUE}).")
  Duration attemptTimeout();

  @Option(
      names = "--connect-timeout",
      paramLabel = "DURATION",
      defaultValue = "5s",
      description = "For one connection (${DEFAULT-VALUE}).")
  Duration connectTimeout();

  @Option(
      names = "--lease",
      paramLabel = "DURATION",
      defaultValue = "60s",
      description = "How long a claim stands without being renewed (${DEFAULT-VALUE}).")
  Duration lease();

  @Option(
      names = "--endpoint-in-flight",
      paramLabel = "N",
      defaultValue = "64",
      description = "Requests in flight to one endpoint (${DEFAULT-VALUE}).")
  int endpointInFlight();

  @Option(
      names = "--total-in-flight",
      paramLabel = "N",
      defaultValue = "4096",
      description = "Requests in flight together (${DEFAULT-VALUE}).")
  int totalInFlight();

  @Option(
      names = "--delivery-memory",
      paramLabel = "MIB",
      defaultValue = "64",
      description =
          "MiB for deliveries in memory, half as much again for those of very many customers; more"
              + " wait on disk (${DEFAULT-VALUE}).")
  int deliveryMemoryMib();

  @Option(
      names = "--retention-delivered",
      paramLabel = "DURATION",
      defaultValue = "7d",
      description = "How long a delivery is kept once it is delivered (${DEFAULT-VALUE}).")
  Duration retentionDelivered();

  @Option(
      names = "--retention-ended",
      paramLabel = "DURATION",
      defaultValue = "30d",
      description =
          "How long a delivery is kept once it is exhausted, refused or cancelled"
              + " (${DEFAULT-VALUE}).")
  Duration retentionEnded();

  @Option(
      names = "--retention-bodies",
      paramLabel = "DURATION",
      description =
          "How long the body of a delivery that is over is kept, which names recipients and is"
              + " needed to retry it; as long as the delivery by default.")
  Optional<Duration> retentionBodies();

  @Option(
      names = "--disable-after",
      paramLabel = "DURATION",
      defaultValue = "5d",
      description =
          "An endpoint that accepted nothing for so long has its configuration disabled; 0s for"
              + " never (${DEFAULT-VALUE}).")
  Duration disableAfter();

  @Option(
      names = "--disable-spread",
      paramLabel = "DURATION",
      defaultValue = "12h",
      description =
          "Time between failures within one day that an endpoint must have had for that"
              + " (${DEFAULT-VALUE}).")
  Duration disableSpread();

  @Option(
      names = "--metrics-organizations",
      arity = "0..1",
      defaultValue = "false",
      fallbackValue = "true",
      description =
          "Counts the outcomes of events and deliveries for each organization, up to 1000 of them.")
  boolean metricsOrganizations();

  @Option(
      names = "--otlp-endpoint",
      paramLabel = "URL",
      description =
          "Collector that takes traces by OTLP/HTTP, like http://127.0.0.1:4318/v1/traces; none by"
              + " default.")
  Optional<URI> otlpEndpoint();

  @Option(
      names = "--otlp-sample",
      paramLabel = "RATIO",
      defaultValue = "0.01",
      description =
          "Of events that come without a trace, the part that begins one; of the others, what their"
              + " sender records is recorded (${DEFAULT-VALUE}).")
  double otlpSample();

  @Option(
      names = "--otlp-headers",
      paramLabel = "NAME=VALUE",
      split = ",",
      description =
          "Headers for the collector. If they are secret, set them in the environment or the file:"
              + " flags show in process lists.")
  List<OtlpSettings.Header> otlpHeaders();

  @Option(
      names = "--auth",
      paramLabel = "none|jwt",
      defaultValue = "none",
      description = "How callers prove who they are (${DEFAULT-VALUE}).")
  AuthMode auth();

  @Option(
      names = "--auth-jwks",
      paramLabel = "FILE|URL",
      description = "Keys that callers' tokens are signed with; needed by --auth jwt.")
  Optional<String> authJwks();

  @Option(
      names = "--auth-audience",
      paramLabel = "TEXT",
      description = "Audience that callers' tokens must name; needed by --auth jwt.")
  Optional<String> authAudience();

  @Option(
      names = "--auth-issuer",
      paramLabel = "TEXT",
      description = "Issuer that callers' tokens must name; any with a key of the set by default.")
  Optional<String> authIssuer();

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "gRPC's certificates, PEM.")
  Optional<Path> tlsCert();

  @Option(names = "--tls-key", paramLabel = "FILE", description = "gRPC's private key, PEM.")
  Optional<Path> tlsKey();

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "CAs that callers' certificates must have; makes TLS mutual.")
  Optional<Path> tlsClientCa();

  @Option(
      names = "--insecure",
      arity = "0..1",
      defaultValue = "false",
      fallbackValue = "true",
      description =
          "Lets gRPC and the operators' port listen beyond this machine without TLS, and gRPC"
              + " without --auth.")
  boolean insecure();

  @Option(
      names = "--grpc-reflection",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "true",
      description = "Whether clients may read the API's schema (${DEFAULT-VALUE}).")
  boolean grpcReflection();

  @Option(
      names = "--grpc-connections",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Clients' connections at the same time (${DEFAULT-VALUE}).")
  int grpcConnections();

  @Option(
      names = "--grpc-handshake-timeout",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "For a connection to begin, TLS included (${DEFAULT-VALUE}).")
  Duration grpcHandshakeTimeout();

  @Option(
      names = "--grpc-connection-idle",
      paramLabel = "DURATION",
      defaultValue = "15m",
      description = "A connection without calls is closed after so long (${DEFAULT-VALUE}).")
  Duration grpcConnectionIdle();

  @Option(
      names = "--grpc-connection-age",
      paramLabel = "DURATION",
      defaultValue = "1h",
      description = "A connection gets no new call after so long (${DEFAULT-VALUE}).")
  Duration grpcConnectionAge();

  @Option(
      names = "--grpc-connection-grace",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description = "For the calls that run on such a connection (${DEFAULT-VALUE}).")
  Duration grpcConnectionGrace();

  @Option(
      names = "--log-format",
      paramLabel = "auto|text|json",
      defaultValue = "auto",
      description = "Logs on stderr; auto is text on a terminal, else JSON (${DEFAULT-VALUE}).")
  LogFormat logFormat();

  /** How callers prove who they are. */
  enum AuthMode {
    none,
    jwt
  }

  /** How log lines are written. */
  enum LogFormat {
    auto,
    text,
    json
  }
}
