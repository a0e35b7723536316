package dev.feedbackwebhooks.grpc.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IssuerKeysTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T09:00:00Z"));
  private final Issuer issuer = new Issuer();
  private final ExecutorService background = new SameThread();
  private final IssuerKeys keys = new IssuerKeys(issuer, clock, background);
  private final HeardLog log = new HeardLog(IssuerKeys.class);

  @AfterEach
  void listenNoMore() {
    log.close();
  }

  /** Publishes what a test says, and counts how often it is asked. */
  private static final class Issuer implements IssuerKeys.Origin {
    private String text = "";
    private int asked;

    void publish(JWK... published) {
      text = new JWKSet(List.of(published)).toString(false);
    }

    void fallSilent() {
      text = "";
    }

    @Override
    public String read() throws IOException {
      asked++;
      if (text.isEmpty()) {
        throw new IOException("silent");
      }
      return text;
    }
  }

  /** Renews before the caller goes on, so that a test sees what comes of it. */
  private static final class SameThread extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long most, TimeUnit unit) {
      return false;
    }
  }

  private List<JWK> find(String id) throws KeySourceException {
    return keys.get(new JWKSelector(new JWKMatcher.Builder().keyID(id).build()), null);
  }

  private static JWK key(String id) throws Exception {
    return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
  }

  @Test
  void knownKeysAreNotAskedForAgain() throws Exception {
    issuer.publish(key("a"));
    for (int i = 0; i < 100; i++) {
      assertThat(find("a")).hasSize(1);
    }
    assertThat(issuer.asked).isEqualTo(1);
    clock.advance(IssuerKeys.FRESH.plusSeconds(1));
    assertThat(find("a")).hasSize(1);
    assertThat(issuer.asked).isEqualTo(2);
  }

  @Test
  void anUnknownKeyIsLookedForAtOnceButNotAsOftenAsCallersLike() throws Exception {
    issuer.publish(key("a"));
    assertThat(find("a")).hasSize(1);
    clock.advance(IssuerKeys.BETWEEN_LOOKS);
    issuer.publish(key("b"));
    assertThat(find("b")).hasSize(1);
    assertThat(find("a")).as("withdrawn").isEmpty();
    for (int i = 0; i < 100; i++) {
      assertThat(find("guess " + i)).isEmpty();
    }
    assertThat(issuer.asked).isEqualTo(2);
    clock.advance(IssuerKeys.BETWEEN_LOOKS);
    assertThat(find("another guess")).isEmpty();
    assertThat(issuer.asked).isEqualTo(3);
  }

  @Test
  void keysStandForAWhileWhereTheIssuerIsSilent() throws Exception {
    assertThatThrownBy(() -> find("a")).isInstanceOf(KeySourceException.class);
    clock.advance(IssuerKeys.BETWEEN_LOOKS);
    issuer.publish(key("a"));
    assertThat(find("a")).hasSize(1);
    issuer.fallSilent();
    clock.advance(IssuerKeys.FRESH.plusSeconds(1));
    assertThat(find("a")).hasSize(1);
    clock.advance(IssuerKeys.STALE);
    assertThatThrownBy(() -> find("a")).isInstanceOf(KeySourceException.class);
  }

  /** For hours: known keys are of use meanwhile, and only who needs another one waits. */
  @Test
  void whoHasAKnownKeyDoesNotWaitForAnIssuerThatHangs() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    String known = new JWKSet(key("a")).toString(false);
    AtomicInteger asked = new AtomicInteger();
    IssuerKeys.Origin slow =
        () -> {
          if (asked.incrementAndGet() > 1) {
            hanging.countDown();
            awaitQuietly(answer);
          }
          return known;
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      IssuerKeys renewed = new IssuerKeys(slow, clock, threads);
      JWKSelector selector = new JWKSelector(new JWKMatcher.Builder().keyID("a").build());
      assertThat(renewed.get(selector, null)).hasSize(1);
      clock.advance(IssuerKeys.FRESH.plusSeconds(1));
      assertThat(renewed.get(selector, null)).hasSize(1);
      hanging.await();
      for (int i = 0; i < 50; i++) {
        clock.advance(Duration.ofMinutes(1));
        assertThat(renewed.get(selector, null)).as("the issuer hangs").hasSize(1);
      }
      assertThat(asked).as("at a time").hasValue(2);
      answer.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void weakKeysAndSecretOnesAreNoKeys() throws Exception {
    issuer.publish(
        new RSAKeyGenerator(1024, true).keyID("weak").generate(),
        new OctetSequenceKeyGenerator(256).keyID("shared").generate(),
        key("good"));
    assertThat(find("weak")).isEmpty();
    assertThat(find("shared")).isEmpty();
    assertThat(find("good")).hasSize(1);
    assertThat(find("good").getFirst().isPrivate()).isFalse();
  }
}
