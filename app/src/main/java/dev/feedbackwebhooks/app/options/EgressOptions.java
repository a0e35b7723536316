package dev.feedbackwebhooks.app.options;

import static dev.feedbackwebhooks.app.options.Rules.positive;
import static dev.feedbackwebhooks.app.options.Rules.readable;
import static dev.feedbackwebhooks.app.options.Rules.require;

import dev.feedbackwebhooks.domain.egress.AddressRange;
import dev.feedbackwebhooks.domain.egress.EgressLists;
import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.domain.egress.HostPattern;
import dev.feedbackwebhooks.domain.egress.PortRange;
import dev.feedbackwebhooks.sender.egress.ProxySettings;
import dev.feedbackwebhooks.sender.http.SenderSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of egress: reachable endpoints, proxy, trust. */
final class EgressOptions {
  @Option(
      names = "--egress-allow",
      paramLabel = "CIDR",
      split = ",",
      description = "Address ranges that endpoints may have besides the public internet.")
  List<AddressRange> egressAllow = List.of();

  @Option(
      names = "--egress-allow-hosts",
      paramLabel = "HOST",
      split = ",",
      description =
          "Hosts that endpoints may have, like hooks.acme.org or *.example.com; all by default.")
  List<HostPattern> egressAllowHosts = List.of();

  @Option(
      names = "--egress-deny-hosts",
      paramLabel = "HOST",
      split = ",",
      description = "Hosts that endpoints may not have, though they be allowed.")
  List<HostPattern> egressDenyHosts = List.of();

  @Option(
      names = "--egress-ports",
      paramLabel = "PORT",
      split = ",",
      description = "Ports that endpoints may have, like 443,1024-65535; all by default.")
  List<PortRange> egressPorts = List.of();

  @Option(
      names = "--egress-dns",
      paramLabel = "HOST:PORT",
      split = ",",
      description = "Name servers for endpoints' hosts; the system's by default.")
  List<InetSocketAddress> egressDns = List.of();

  @Option(
      names = "--egress-proxy",
      paramLabel = "URL",
      description =
          "HTTP proxy for connections to endpoints: http://[user:password@]host:port. With a"
              + " password, set it in the environment or the file: flags show in process lists.")
  Optional<ProxySettings> egressProxy;

  @Option(
      names = "--egress-ca",
      paramLabel = "FILE",
      description = "PEM file of CAs that endpoints' certificates may have besides the system's.")
  Optional<Path> egressCa;

  @Option(
      names = "--connect-timeout",
      paramLabel = "DURATION",
      defaultValue = "5s",
      description = "For one connection (${DEFAULT-VALUE}).")
  Duration connectTimeout;

  EgressPolicy policy() {
    return new EgressPolicy(
        egressAllow, new EgressLists(egressAllowHosts, egressDenyHosts, egressPorts));
  }

  /**
   * The settings of the sender.
   *
   * @param version of this program, which endpoints are told
   */
  SenderSettings sender(EgressPolicy policy, DeliveryOptions deliveries, String version) {
    positive("--connect-timeout", connectTimeout);
    require(
        connectTimeout.compareTo(deliveries.attemptTimeout()) <= 0,
        "--connect-timeout: must not be longer than --attempt-timeout");
    egressCa.ifPresent(file -> readable("--egress-ca", file));
    for (InetSocketAddress server : egressDns) {
      require(
          server.getPort() > 0, "--egress-dns: port 0 is none: give the name server's, mostly 53");
    }
    return new SenderSettings(
        connectTimeout,
        deliveries.attemptTimeout(),
        "feedback-webhooks/" + version,
        egressCa,
        policy,
        egressDns,
        egressProxy,
        deliveries.totalInFlight);
  }
}
