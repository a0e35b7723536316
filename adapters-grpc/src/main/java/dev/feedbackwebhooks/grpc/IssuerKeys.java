package dev.feedbackwebhooks.grpc;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's public keys, kept and renewed: every few minutes, and at once for a key that is not
 * among them, but never more often than every few seconds, whatever callers send. Keys that cannot
 * be renewed stand for a while.
 */
final class IssuerKeys implements JWKSource<SecurityContext> {
  static final Duration FRESH = Duration.ofMinutes(5);
  static final Duration STALE = Duration.ofHours(1);
  static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
  private static final int LEAST_RSA_BITS = 2048;

  /** Where the keys are. */
  interface Origin {
    /** The text of a JWK set. */
    String read() throws IOException;
  }

  private record Known(JWKSet keys, Instant at) {}

  private final Origin origin;
  private final InstantSource clock;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile @Nullable Known known;
  private volatile Instant lastLook = Instant.EPOCH;

  IssuerKeys(Origin origin, InstantSource clock) {
    this.origin = origin;
    this.clock = clock;
  }

  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws KeySourceException {
    Known before = known;
    if (before == null || age(before.at()).compareTo(FRESH) > 0) {
      before = renewed(before);
    }
    List<JWK> found = selector.select(before.keys());
    return found.isEmpty() ? selector.select(renewed(before).keys()) : found;
  }

  /**
   * Reads the keys now.
   *
   * @throws IOException if they cannot be had
   * @throws ParseException if they are no JWK set
   */
  void load() throws IOException, ParseException {
    lastLook = clock.instant();
    List<JWK> keys =
        JWKSet.parse(origin.read()).toPublicJWKSet().getKeys().stream()
            .filter(IssuerKeys::strong)
            .toList();
    known = new Known(new JWKSet(keys), lastLook);
  }

  private static boolean strong(JWK key) {
    return !(key instanceof RSAKey rsa) || rsa.size() >= LEAST_RSA_BITS;
  }

  /** Newer keys than those, where that may be tried and succeeds; else the same. */
  private Known renewed(@Nullable Known before) throws KeySourceException {
    looking.lock();
    try {
      Known now = known;
      if (now != null && !now.equals(before)) {
        return now; // another caller looked while this one waited
      }
      if (age(lastLook).compareTo(BETWEEN_LOOKS) >= 0) {
        try {
          load();
        } finally {
          // From its end: else those who waited for a slow look would each begin another.
          lastLook = clock.instant();
        }
      }
    } catch (IOException | ParseException e) {
      log.atWarn().addKeyValue("reason", e.getMessage()).log("callers' keys cannot be renewed");
    } finally {
      looking.unlock();
    }
    Known now = known;
    if (now == null || age(now.at()).compareTo(STALE) > 0) {
      throw new KeySourceException("the keys cannot be had");
    }
    return now;
  }

  /** Either way: a clock that was set back must not stop renewals. */
  private Duration age(Instant then) {
    return Duration.between(then, clock.instant()).abs();
  }
}
