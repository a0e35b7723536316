package dev.feedbackwebhooks.domain.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeCursorTest {
  private static final Instant TIME = Instant.parse("2026-11-24T09:00:00.123Z");
  private static final DeliveryId ID = new DeliveryId(1_234_567);

  @ParameterizedTest
  @ValueSource(strings = {"17.1795510800123.", "17.1795510800123.0000000015lk7", "0.0."})
  void whatEarlierVersionsWroteIsReadAndWrittenAsTheyDid(String text) {
    assertThat(ChangeCursor.parse(text))
        .hasValueSatisfying(cursor -> assertThat(cursor.text()).isEqualTo(text));
  }

  @Test
  void anEarlierVersionsCursorIsOfTheOnlyNode() {
    assertThat(ChangeCursor.parse("17.1795510800123."))
        .contains(
            ChangeCursor.of(
                Map.of(0L, ChangePosition.after(17, Instant.ofEpochMilli(1795510800123L)))));
  }

  @Test
  void readsWhatItWrites() {
    Map<Long, ChangePosition> places = new HashMap<>();
    for (long node = 0; node < 100; node++) {
      places.put(node * node, new ChangePosition(node << 30, TIME, node % 3 == 0 ? ID : null));
      ChangeCursor cursor = ChangeCursor.of(places);
      assertThat(ChangeCursor.parse(cursor.text())).contains(cursor);
      assertThat(cursor.text()).hasSizeLessThan(40 * places.size());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",", "1", "1.2", "1.2.3.", "1.2.3.,,", "1.2.3.x,", "-1.2.3.,", "1.2.3.4"})
  void anythingElseIsNone(String text) {
    assertThat(ChangeCursor.parse(text)).isEmpty();
  }

  @Test
  void reachesWhatWasToldWholly() {
    ChangeCursor cursor =
        ChangeCursor.of(
            Map.of(1L, ChangePosition.after(5, TIME), 2L, new ChangePosition(7, TIME, ID)));
    assertThat(cursor.reaches(1, 5)).isTrue();
    assertThat(cursor.reaches(1, 6)).isFalse();
    assertThat(cursor.reaches(2, 6)).isTrue();
    assertThat(cursor.reaches(2, 7)).isFalse();
    assertThat(cursor.reaches(3, 1)).isFalse();
    assertThat(cursor.reaches(cursor)).isFalse();
    assertThat(cursor.reaches(ChangeCursor.of(Map.of()))).isTrue();
  }
}
