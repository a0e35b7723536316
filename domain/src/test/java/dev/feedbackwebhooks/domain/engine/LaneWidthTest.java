package dev.feedbackwebhooks.domain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import org.junit.jupiter.api.Test;

class LaneWidthTest {
  private final LaneShare share = new LaneShare(16);
  private final LaneWidth width = new LaneWidth(share);

  @Test
  void timeoutsInARowCutItToAProbeAndAnswersDoubleIt() {
    for (int i = 1; i < LaneWidth.TIMEOUTS_TO_TRIP; i++) {
      width.ended(timeout());
      assertThat(width.width()).isEqualTo(16);
    }
    width.ended(timeout());
    assertThat(width.isProbe()).isTrue();
    assertThat(width.width()).isEqualTo(1);
    width.ended(timeout());
    assertThat(width.width()).isEqualTo(1);
    for (int expected : new int[] {2, 4, 8, 16, 16}) {
      width.ended(new AttemptResult.Accepted(200));
      assertThat(width.width()).isEqualTo(expected);
      assertThat(width.isProbe()).isFalse();
    }
    assertThat(width.isFull()).isTrue();
  }

  @Test
  void anAnswerBetweenTimeoutsForgivesThem() {
    for (int i = 0; i < 20; i++) {
      width.ended(timeout());
      width.ended(new AttemptResult.Refused(500, ""));
    }
    assertThat(width.width()).isEqualTo(16);
  }

  @Test
  void whatWasHeldWidensByWhatIsAcceptedOnly() {
    width.ramp();
    width.ended(new AttemptResult.Refused(500, ""));
    width.ended(failed(AttemptFailure.CONNECT_REFUSED));
    assertThat(width.width()).isEqualTo(1);
    for (int expected : new int[] {2, 4, 8, 16}) {
      width.ended(new AttemptResult.Accepted(200));
      assertThat(width.width()).isEqualTo(expected);
    }
  }

  @Test
  void aRefusedConnectionIsNoTimeout() {
    for (int i = 0; i < 20; i++) {
      width.ended(failed(AttemptFailure.CONNECT_REFUSED));
    }
    assertThat(width.isProbe()).isFalse();
  }

  @Test
  void aDeadEndpointBehindAProxyIsATimeoutAndAProxyThatRefusesIsNone() {
    for (int i = 0; i < LaneWidth.TIMEOUTS_TO_TRIP; i++) {
      width.ended(failed(AttemptFailure.PROXY_FAILED));
    }
    assertThat(width.isProbe()).isFalse();
    for (int i = 0; i < LaneWidth.TIMEOUTS_TO_TRIP; i++) {
      width.ended(failed(AttemptFailure.PROXY_TIMEOUT));
    }
    assertThat(width.isProbe()).isTrue();
  }

  @Test
  void anOpenLaneFollowsItsShareAndANarrowOneStaysNarrow() {
    share.among(3);
    assertThat(width.width()).isEqualTo(5);
    share.among(100);
    assertThat(width.width()).as("at least one").isEqualTo(1);
    share.among(1);
    assertThat(width.width()).isEqualTo(16);
    width.ramp();
    width.ended(new AttemptResult.Accepted(200));
    share.among(2);
    assertThat(width.width()).as("two of eight").isEqualTo(2);
    share.among(1);
    assertThat(width.width()).isEqualTo(2);
    assertThat(width.isFull()).isFalse();
  }

  @Test
  void aProbeStaysOneRequestWhenTheOtherNodesAreGone() {
    share.among(16);
    for (int i = 0; i < LaneWidth.TIMEOUTS_TO_TRIP; i++) {
      width.ended(timeout());
    }
    share.among(1);
    assertThat(width.width()).isEqualTo(1);
    width.ended(new AttemptResult.Accepted(200));
    assertThat(width.width()).isEqualTo(2);
  }

  private static AttemptResult timeout() {
    return failed(AttemptFailure.TIMEOUT);
  }

  private static AttemptResult failed(AttemptFailure failure) {
    return new AttemptResult.Retryable(failure, 0, null, "");
  }
}
