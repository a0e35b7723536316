package dev.feedbackwebhooks.sender;

import dev.feedbackwebhooks.domain.config.EgressPolicy;
import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.delivery.AttemptFailure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides, for each attempt anew, which address it may go to. The answer is the address itself, and
 * the connection is made to that and no other: a name that leads elsewhere a moment later cannot
 * mislead it (DNS rebinding).
 */
final class EgressGuard {
  private final EgressPolicy policy;
  private final NameResolver resolver;

  EgressGuard(EgressPolicy policy, NameResolver resolver) {
    this.policy = policy;
    this.resolver = resolver;
  }

  /**
   * The address to connect to.
   *
   * @param attempt from 1: chooses another address of the same name each time
   * @return fails with {@link ExchangeException} where there is none, or any is forbidden
   */
  CompletionStage<InetAddress> admit(EndpointUrl url, int attempt) {
    String listed = policy.lists().refusal(url.host(), url.port());
    if (listed != null) {
      return CompletableFuture.failedFuture(
          new ExchangeException(AttemptFailure.EGRESS_FORBIDDEN, "the URL has " + listed, null));
    }
    return addresses(url.host(), resolver).thenApply(found -> choose(url.host(), found, attempt));
  }

  /** Of a name or a literal; fails with {@link ExchangeException} where there is none. */
  static CompletionStage<List<InetAddress>> addresses(String host, NameResolver resolver) {
    if (isLiteral(host)) {
      return CompletableFuture.completedFuture(List.of(InetAddress.ofLiteral(host)));
    }
    return resolver
        .resolve(host)
        .exceptionally(e -> {
          throw new ExchangeException(AttemptFailure.DNS, "no address was found for " + host, e);
        });
  }

  /** By the look of it: a name has letters in its last label, and no colon (HostRules). */
  static boolean isLiteral(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  /** One forbidden address spoils the whole answer: a mix is how guards are walked around. */
  private InetAddress choose(String host, List<InetAddress> found, int attempt) {
    if (!found.stream().allMatch(policy::permits)) {
      throw new ExchangeException(
          AttemptFailure.EGRESS_FORBIDDEN,
          host + " leads to an address that is not on the public internet",
          null);
    }
    return nameless(found.get((attempt - 1) % found.size()));
  }

  /** An address that knows its name is looked up again by those who connect to it. */
  static InetAddress nameless(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has the bytes of an address", e);
    }
  }
}
