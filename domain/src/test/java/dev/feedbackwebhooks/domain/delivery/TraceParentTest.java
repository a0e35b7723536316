package dev.feedbackwebhooks.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TraceParentTest {
  private static final String GOOD = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void itsPartsAreThoseOfTheStandard() {
    TraceParent parent = new TraceParent(GOOD);
    assertThat(parent.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(parent.spanId()).isEqualTo("b7ad6b7169203331");
    assertThat(parent.sampled()).isTrue();
    assertThat(new TraceParent(GOOD.replaceFirst("-01$", "-02")).sampled()).isFalse();
    assertThat(new TraceParent(GOOD.replaceFirst("-01$", "-ff")).sampled()).isTrue();
  }

  @Test
  void whatIsNoneIsTold() {
    assertThat(
            List.of(
                "",
                "00",
                GOOD + " ",
                GOOD + "-00",
                " " + GOOD.substring(1),
                GOOD.replace("00-", "01-"),
                GOOD.replace("00-", "ff-"),
                GOOD.replace("0af", "0AF"),
                GOOD.replace("0af", "0\r\n"),
                GOOD.replace("0af", "0g7"),
                GOOD.replace('-', '_'),
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"))
        .allSatisfy(text -> assertThat(TraceParent.ifValid(text)).as(text).isNull());
    assertThatThrownBy(() -> new TraceParent("x")).isInstanceOf(IllegalArgumentException.class);
  }
}
