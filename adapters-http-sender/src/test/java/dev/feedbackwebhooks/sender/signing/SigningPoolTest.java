package dev.feedbackwebhooks.sender.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.key.SigningKey;
import dev.feedbackwebhooks.domain.testing.HostileKeys;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.judge.FailureJudge;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SigningPoolTest {
  private static final Duration SHORT = Duration.ofMillis(200);

  /** What is begun late by less than this is begun. */
  private static final Duration LONG = Duration.ofSeconds(3);

  @Test
  void whatDoesNotEndIsAbandonedAndOthersSignMeanwhile() throws Exception {
    SigningPool pool = new SigningPool(SigningPoolTest::onItsOwn, 2, LONG);
    CountDownLatch ends = new CountDownLatch(1);
    List<CompletableFuture<String>> hostile = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      hostile.add(pool.submit("hostile", () -> heldBy(ends)));
    }
    CompletableFuture<String> good = pool.submit("good", () -> "signed");
    assertThat(good.get(60, TimeUnit.SECONDS)).isEqualTo("signed");
    for (CompletableFuture<String> failed : hostile) {
      assertThatThrownBy(() -> failed.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ExchangeException.class)
          .hasMessageContaining("did not sign in time");
    }
    assertThat(pool.submit("hostile", () -> "again")).isCompletedExceptionally();
    ends.countDown();
    String later = null;
    while (later == null) {
      later = pool.submit("hostile", () -> "again").exceptionally(_ -> null).get();
    }
    assertThat(later).isEqualTo("again");
  }

  @Test
  void keysTakeTurns() throws Exception {
    Queue<Runnable> threads = new ArrayDeque<>();
    SigningPool pool = new SigningPool(threads::add, 1, Duration.ofMinutes(2));
    List<String> made = new ArrayList<>();
    for (String task : List.of("a1", "a2", "a3", "b1", "c1")) {
      CompletableFuture<Boolean> _ = pool.submit(task.charAt(0), () -> made.add(task));
    }
    while (!threads.isEmpty()) {
      threads.remove().run();
    }
    assertThat(made).containsExactly("a1", "a2", "b1", "c1", "a3");
  }

  @Test
  void whatIsNotBegunInTimeIsNoFaultOfItsKey() throws Exception {
    SigningPool pool = new SigningPool(SigningPoolTest::onItsOwn, 1, SHORT);
    CountDownLatch ends = new CountDownLatch(1);
    List<CompletableFuture<String>> slow = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      slow.add(pool.submit("slow " + i, () -> heldBy(ends)));
    }
    // Each that is begun takes a whole deadline, so that not all are.
    List<AttemptFailure> failures = new ArrayList<>();
    for (CompletableFuture<String> each : slow) {
      assertThatThrownBy(() -> each.get(60, TimeUnit.SECONDS))
          .satisfies(failure -> failures.add(FailureJudge.failure(failure)));
    }
    assertThat(failures)
        .startsWith(AttemptFailure.SIGNING_FAILED)
        .contains(AttemptFailure.INTERNAL);
    ends.countDown();
  }

  private static String heldBy(CountDownLatch ends) {
    try {
      ends.await();
      return "too late";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void onItsOwn(Runnable task) {
    Thread.ofPlatform().daemon().start(task);
  }

  @Test
  void aKeyPassesItsTrialIfWhatItSignsCanBeVerified() throws Exception {
    SignatureTrial trial = new SignatureTrial(SigningPool.ofTrials(SigningPoolTest::onItsOwn));
    assertThat(trial.passes(generated(JwtAlgorithm.RS256, "RSA"))).isTrue();
    assertThat(trial.passes(generated(JwtAlgorithm.EDDSA, "Ed25519"))).isTrue();
    assertThat(trial.passes(HostileKeys.compositePrime())).isFalse();
    HostileKeys.all().forEach((name, key) -> assertThat(trial.passes(key)).as(name).isFalse());
  }

  private static JwtKey generated(JwtAlgorithm algorithm, String type) throws Exception {
    byte[] key = KeyPairGenerator.getInstance(type).generateKeyPair().getPrivate().getEncoded();
    return new JwtKey(algorithm, new SigningKey(Secret.of(key)), null);
  }
}
