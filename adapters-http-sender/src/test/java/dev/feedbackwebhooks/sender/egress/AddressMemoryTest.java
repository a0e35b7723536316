package dev.feedbackwebhooks.sender.egress;

import static dev.feedbackwebhooks.sender.egress.AddressMemory.BAD_FOR;
import static dev.feedbackwebhooks.sender.egress.AddressMemory.GOOD_FOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressMemoryTest {
  private static final InetAddress A = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress B = InetAddress.ofLiteral("192.0.2.2");
  private static final InetAddress C = InetAddress.ofLiteral("192.0.2.3");
  private static final InetAddress V6 = InetAddress.ofLiteral("2001:db8::1");

  private final SettableClock clock = new SettableClock(Samples.NOW);
  private final AddressMemory memory = new AddressMemory(clock);

  private InetAddress first(InetAddress... admitted) {
    return memory.order(List.of(admitted)).getFirst();
  }

  @Test
  void addressesOfWhichNothingIsKnownTakeTurnsAndFamiliesAlternate() {
    assertThat(memory.order(List.of(A, B, V6))).containsExactly(A, V6, B);
    assertThat(List.of(first(A, B), first(A, B))).containsExactlyInAnyOrder(A, B);
  }

  @Test
  void goodOnesShareTheLoadAndABadOneGetsNone() {
    memory.connected(A, 0);
    memory.connected(B, 0);
    memory.unconnected(C);
    assertThat(List.of(first(A, B, C), first(A, B, C))).containsExactlyInAnyOrder(A, B);
    assertThat(memory.order(List.of(A, B, C))).endsWith(C);
  }

  @Test
  void aBadOneIsTriedByOneAttemptOnceItsTimeIsOver() {
    memory.connected(A, 0);
    memory.unconnected(B);
    clock.advance(BAD_FOR);
    assertThat(memory.order(List.of(A, B))).containsExactly(B, A);
    assertThat(first(A, B)).as("while that is under way").isEqualTo(A);
    memory.connected(B, 0);
    assertThat(List.of(first(A, B), first(A, B))).containsExactlyInAnyOrder(A, B);
  }

  @Test
  void oneThatKeepsFailingIsTriedLessOften() {
    memory.connected(A, 0);
    memory.unconnected(B);
    memory.unconnected(B);
    clock.advance(BAD_FOR);
    assertThat(first(A, B)).isEqualTo(A);
    clock.advance(BAD_FOR);
    assertThat(first(A, B)).isEqualTo(B);
  }

  @Test
  void oneThatIsSilentIsGoodOnlyOnceItAnswers() {
    memory.connected(A, 0);
    memory.unanswered(B);
    memory.connected(B, 0);
    assertThat(List.of(first(A, B), first(A, B))).containsOnly(A);
    memory.answered(B);
    assertThat(List.of(first(A, B), first(A, B))).containsExactlyInAnyOrder(A, B);
  }

  @Test
  void whereAllAreBadTheOneThatFailedFirstIsNext() {
    memory.unconnected(A);
    clock.advance(Duration.ofSeconds(1));
    memory.unconnected(B);
    assertThat(first(A, B)).isEqualTo(A);
    memory.unconnected(A);
    assertThat(first(A, B)).isEqualTo(B);
  }

  @Test
  void whatIsKnownIsForgottenAndOfAddressesThatAreGoneAtOnce() {
    memory.connected(A, 0);
    memory.unconnected(B);
    memory.order(List.of(A, C));
    assertThat(memory.isOutdated()).isFalse();
    clock.advance(GOOD_FOR);
    assertThat(memory.isOutdated()).isTrue();
    assertThat(memory.order(List.of(A, B))).hasSize(2);
  }

  @Test
  void ofANameWithAnotherAddressEachTimeLittleIsKept() throws Exception {
    memory.connected(A, 0);
    memory.unconnected(B);
    for (int i = 0; i < 200; i++) {
      InetAddress next = InetAddress.getByAddress(new byte[] {10, 0, 1, (byte) i});
      assertThat(first(next)).isEqualTo(next);
      memory.connected(next, 0);
    }
    assertThat(List.of(first(A, B), first(A, B)))
        .as("nothing is known of them any more")
        .containsExactlyInAnyOrder(A, B);
  }

  @Test
  void anAddressIsWaitedForTwiceAsLongAsItTookLately() {
    assertThat(memory.patience(A)).isEqualTo(Duration.ofMillis(250));
    memory.connected(A, 400_000);
    assertThat(memory.patience(A)).isEqualTo(Duration.ofMillis(800));
    memory.connected(A, 60_000_000);
    assertThat(memory.patience(A)).isEqualTo(Duration.ofSeconds(2));
  }
}
