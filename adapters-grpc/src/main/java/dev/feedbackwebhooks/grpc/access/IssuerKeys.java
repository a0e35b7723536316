package dev.feedbackwebhooks.grpc.access;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.jwk.source.RefreshAheadCachingJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's public keys. A caller with a known key never waits for the issuer: the keys are
 * renewed in the background every few minutes, and stand for a while if that fails. A caller with
 * an unknown key waits for a look, of which there is at most one every few seconds.
 */
final class IssuerKeys implements JWKSource<SecurityContext> {
  static final Duration FRESH = Duration.ofMinutes(5);
  static final Duration STALE = Duration.ofHours(1);
  static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
  private static final int LEAST_RSA_BITS = 2048;

  /** Longer than the slowest look. */
  private static final Duration LOOK_WAIT = Duration.ofSeconds(10);

  /** The place that the keys are read from. */
  interface Origin {
    /** The text of a JWK set. */
    String read() throws IOException;
  }

  private final Looks looks;
  private final JWKSetSource<SecurityContext> kept;
  private final InstantSource clock;

  /**
   * @param background renews keys; may be blocked
   */
  IssuerKeys(Origin origin, InstantSource clock, ExecutorService background) {
    this.clock = clock;
    this.looks = new Looks(origin, clock);
    this.kept =
        new RefreshAheadCachingJWKSetSource<>(
            looks,
            STALE.toMillis(),
            LOOK_WAIT.toMillis(),
            STALE.minus(FRESH).toMillis(),
            background,
            false,
            null,
            null,
            false);
  }

  @Override
  public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
      throws KeySourceException {
    JWKSet known = load(JWKSetCacheRefreshEvaluator.noRefresh());
    List<JWK> found = selector.select(known);
    if (!found.isEmpty()) {
      return found;
    }
    try {
      return selector.select(load(JWKSetCacheRefreshEvaluator.referenceComparison(known)));
    } catch (KeySourceException _) {
      return found; // the known keys stand, and this one is not among them
    }
  }

  /**
   * Reads the keys now, if they are not known. A failure is the caller's to report, and not logged.
   *
   * @throws KeySourceException if they cannot be had
   */
  void load() throws KeySourceException {
    looks.reported = true;
    try {
      load(JWKSetCacheRefreshEvaluator.noRefresh());
    } finally {
      looks.reported = false;
    }
  }

  private JWKSet load(JWKSetCacheRefreshEvaluator evaluator) throws KeySourceException {
    return kept.getJWKSet(evaluator, clock.millis(), null);
  }

  /**
   * Looks at where the keys are, at most once every few seconds. nimbus' own limit counts from the
   * begin of a look, so that those who waited for a slow one would each begin another.
   */
  private static final class Looks implements JWKSetSource<SecurityContext> {
    private final Origin origin;
    private final InstantSource clock;
    private volatile Instant lastLook = Instant.EPOCH;

    /** Whether whoever asked reports a failure. */
    private volatile boolean reported;

    Looks(Origin origin, InstantSource clock) {
      this.origin = origin;
      this.clock = clock;
    }

    /** Called by one thread at a time. */
    @Override
    public JWKSet getJWKSet(
        JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
        throws KeySourceException {
      // Either way: a clock that was set back must not stop renewals.
      Duration age = Duration.between(lastLook, clock.instant()).abs();
      if (age.compareTo(BETWEEN_LOOKS) < 0) {
        throw new RateLimitReachedException();
      }
      try {
        List<JWK> keys =
            JWKSet.parse(origin.read()).toPublicJWKSet().getKeys().stream()
                .filter(Looks::strong)
                .toList();
        return new JWKSet(keys);
      } catch (IOException | ParseException e) {
        if (!reported) {
          log.atWarn().addKeyValue("reason", e.getMessage()).log("callers' keys cannot be renewed");
        }
        throw new JWKSetUnavailableException("the keys cannot be had", e);
      } finally {
        lastLook = clock.instant();
      }
    }

    private static boolean strong(JWK key) {
      return !(key instanceof RSAKey rsa) || rsa.size() >= LEAST_RSA_BITS;
    }

    @Override
    public void close() {
      // Each look closes what it opens.
    }
  }
}
