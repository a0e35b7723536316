package dev.feedbackwebhooks.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.ChangePlace;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesRequest;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchCodecTest {
  private static final Scope SCOPE = new Scope("myImsOrg", "prod");

  /** As given out by a server on SQLite, whose commits have no node. */
  private static final String OF_EARLIER_VERSIONS = "nXx1C7IpMTcuMTc5NTUxMDgwMDEyMy4";

  @Test
  void aCursorOfEarlierVersionsGoesOn() {
    ChangePlace place = ChangePlace.after(17, Instant.ofEpochMilli(1_795_510_800_123L));
    assertThat(begin(OF_EARLIER_VERSIONS)).isEqualTo(ChangeCursor.of(Map.of(0L, place)));
  }

  @Test
  void aCursorOfSeveralNodesGoesOnToo() {
    ChangePlace place = ChangePlace.after(17, Instant.ofEpochMilli(1_795_510_800_123L));
    ChangeCursor cursor = ChangeCursor.of(Map.of(0L, place, 3L, place, 4L, place));
    assertThat(begin(WatchCodec.toProto(SCOPE, null, cursor).getCursor())).isEqualTo(cursor);
  }

  private static @Nullable ChangeCursor begin(String cursor) {
    return WatchCodec.toDomain(
            WatchDeliveriesRequest.newBuilder().setParent(SCOPE.name()).setCursor(cursor).build())
        .begin();
  }
}
