package dev.feedbackwebhooks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A rig whose oracle sees nothing would always be content. */
class OracleTest {
  private static final byte[] BODY = "body".getBytes(StandardCharsets.UTF_8);

  private final Oracle oracle = new Oracle();

  @Test
  void whatIsAcknowledgedIsOwedUntilItArrivesAndIsTaken() {
    oracle.sent("e");
    oracle.accepted("e", "d");
    oracle.arrived("e", "d", BODY, false);
    assertThat(oracle.undelivered()).containsExactly("e");
    assertThat(oracle.missing(Set.of("e", "other"))).isEqualTo(1);
    oracle.arrived("e", "d", BODY, true);
    oracle.arrived("e", "d", BODY, true);
    assertThat(oracle.undelivered()).isEmpty();
    assertThat(oracle.count()).isEqualTo(new Oracle.Count(1, 1, 0, 1, 1, 0));
    assertThat(oracle.broken()).as("twice, with the same id and body").isEmpty();
  }

  @Test
  void whatIsInDoubtMayArriveAndMayTurnOutToBeKnown() {
    oracle.sent("e");
    oracle.arrived("e", "d", BODY, true);
    assertThat(oracle.count().inDoubtDelivered()).isEqualTo(1);
    oracle.sent("e");
    oracle.duplicate("e", "d", true);
    assertThat(oracle.broken()).isEmpty();
    assertThat(oracle.undelivered()).isEmpty();
  }

  @Test
  void eachBrokenPromiseNamesItsEvent() {
    oracle.arrived("never-sent", "d0", BODY, true);
    for (String id : new String[] {"refused", "two-ids", "two-bodies", "new", "twice", "shared"}) {
      oracle.sent(id);
    }
    oracle.refused("refused");
    oracle.arrived("refused", "d1", BODY, true);
    oracle.accepted("two-ids", "d2");
    oracle.arrived("two-ids", "d3", BODY, true);
    oracle.arrived("two-bodies", "d4", BODY, true);
    oracle.arrived("two-bodies", "d4", "other".getBytes(StandardCharsets.UTF_8), true);
    oracle.duplicate("new", "d5", false);
    oracle.accepted("twice", "d6");
    oracle.accepted("twice", "d6");
    oracle.accepted("shared", "d6");
    assertThat(oracle.broken())
        .containsExactly(
            "never-sent was delivered and never sent",
            "refused was refused and yet delivered",
            "two-ids has two webhook-ids, d2 and d3",
            "two-bodies came with two bodies, webhook-id d4",
            "new was called a duplicate when it was sent for the first time",
            "twice was answered a second time",
            "shared shares its webhook-id d6 with twice");
  }
}
