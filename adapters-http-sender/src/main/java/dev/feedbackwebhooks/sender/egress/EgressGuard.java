package dev.feedbackwebhooks.sender.egress;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for each attempt anew, which addresses it may go to. The answer is the addresses
 * themselves, and connections are made to these and no others: a name that leads elsewhere a moment
 * later cannot mislead it (DNS rebinding).
 */
public final class EgressGuard {
  private final EgressPolicy policy;
  private final NameResolver resolver;

  public EgressGuard(EgressPolicy policy, NameResolver resolver) {
    this.policy = policy;
    this.resolver = resolver;
  }

  /** Takes what was found of a name after the attempt had begun without it. */
  public interface Late {
    /**
     * @param admitted empty where any of them is forbidden
     * @param forbidden why, if so
     */
    void found(List<InetAddress> admitted, @Nullable ExchangeException forbidden);
  }

  /**
   * The addresses that may be connected to, at least one.
   *
   * @param late is told of what is found afterwards: name servers that leave one kind of address
   *     unanswered hold up nobody for long
   * @return fails with {@link ExchangeException} where there is none, or any is forbidden
   */
  public CompletionStage<List<InetAddress>> admit(EndpointUrl url, Late late) {
    String listed = policy.lists().refusal(url.host(), url.port());
    if (listed != null) {
      return CompletableFuture.failedFuture(
          new ExchangeException(AttemptFailure.EGRESS_FORBIDDEN, "the URL has " + listed, null));
    }
    return addresses(url.host(), resolver, more -> admitLate(url.host(), more, late))
        .thenApply(found -> admit(url.host(), found));
  }

  private void admitLate(String host, List<InetAddress> more, Late late) {
    try {
      late.found(admit(host, more), null);
    } catch (ExchangeException e) {
      late.found(List.of(), e);
    }
  }

  /**
   * The addresses of a name or a literal; fails with {@link ExchangeException} where there is none.
   */
  public static CompletionStage<List<InetAddress>> addresses(String host, NameResolver resolver) {
    return addresses(host, resolver, _ -> {});
  }

  private static CompletionStage<List<InetAddress>> addresses(
      String host, NameResolver resolver, Consumer<List<InetAddress>> late) {
    if (isLiteral(host)) {
      return CompletableFuture.completedFuture(List.of(InetAddress.ofLiteral(host)));
    }
    return resolver
        .resolve(host, late)
        .exceptionally(e -> {
          throw new ExchangeException(AttemptFailure.DNS, "no address was found for " + host, e);
        });
  }

  /** By the look of it: a name has letters in its last label, and no colon (HostRules). */
  public static boolean isLiteral(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  /** One forbidden address spoils the whole answer: a mix is how guards are walked around. */
  private List<InetAddress> admit(String host, List<InetAddress> found) {
    if (!found.stream().allMatch(policy::permits)) {
      throw new ExchangeException(
          AttemptFailure.EGRESS_FORBIDDEN,
          host + " leads to an address that is not on the public internet",
          null);
    }
    return found.stream().map(EgressGuard::nameless).distinct().toList();
  }

  /** An address that knows its name is looked up again by those who connect to it. */
  public static InetAddress nameless(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has the bytes of an address", e);
    }
  }
}
