package dev.feedbackwebhooks.grpc.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.ChangePosition;
import dev.feedbackwebhooks.grpc.query.CursorSeal;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchCodecTest {
  private static final Scope SCOPE = new Scope("myImsOrg", "prod");

  /** As given out by a server on SQLite, whose commits have no node. */
  private static final String OF_EARLIER_VERSIONS = "nXx1C7IpMTcuMTc5NTUxMDgwMDEyMy4";

  private static final ChangePosition PLACE =
      ChangePosition.after(17, Instant.ofEpochMilli(1_795_510_800_123L));

  private final WatchCodec codec = codec("a key");

  /** As a database with such a key has it. */
  private static WatchCodec codec(String key) {
    return new WatchCodec(new CursorSeal((resource, _) -> key + resource));
  }

  @Test
  void aCursorGoesOnAtEachServerOfItsDatabase() {
    ChangeCursor cursor = ChangeCursor.of(Map.of(0L, PLACE, 3L, PLACE, 4L, PLACE));
    String given = codec.toProto(SCOPE, null, cursor).getCursor();
    assertThat(begin(codec, given)).isEqualTo(cursor);
    assertThat(begin(codec("a key"), given)).isEqualTo(cursor);
  }

  @Test
  void aCursorShowsNothing() {
    ChangeCursor small = ChangeCursor.of(Map.of(0L, PLACE));
    ChangeCursor large =
        ChangeCursor.of(
            Map.of(
                0L,
                ChangePosition.after(
                    1_700_000_000_000L, Instant.ofEpochMilli(1_795_510_800_123L))));
    String one = codec.toProto(SCOPE, null, small).getCursor();
    String other = codec.toProto(SCOPE, null, large).getCursor();
    assertThat(one).hasSameSizeAs(other);
    String plain = new String(Base64.getUrlDecoder().decode(one), StandardCharsets.ISO_8859_1);
    assertThat(plain).doesNotContain("17.", small.text());
    assertThat(codec.toProto(SCOPE, null, small).getCursor()).isNotEqualTo(one);
  }

  @Test
  void aCursorThatIsMadeUpIsRefused() {
    String given = codec.toProto(SCOPE, null, ChangeCursor.of(Map.of(0L, PLACE))).getCursor();
    for (int i = 0; i < given.length(); i++) {
      char changed = given.charAt(i) == 'A' ? 'B' : 'A';
      // The last character's low bits are of no byte.
      if (i < given.length() - 1) {
        assertRefused(codec, given.substring(0, i) + changed + given.substring(i + 1));
      }
      if (i > 0) {
        assertRefused(codec, given.substring(0, i));
      }
    }
    assertRefused(codec("another key"), given);
    assertThatThrownBy(() ->
            codec.toDomain(
                WatchDeliveriesRequest.newBuilder()
                    .setParent("organizations/myImsOrg/sandboxes/other")
                    .setCursor(given)
                    .build()))
        .hasFieldOrPropertyWithValue("reason", Reason.INVALID_CURSOR);
  }

  @Test
  void aCursorOfEarlierVersionsHasExpired() {
    assertThatThrownBy(() -> begin(codec, OF_EARLIER_VERSIONS))
        .hasFieldOrPropertyWithValue("reason", Reason.CURSOR_EXPIRED);
  }

  private static void assertRefused(WatchCodec codec, String cursor) {
    assertThatThrownBy(() -> begin(codec, cursor))
        .hasFieldOrPropertyWithValue("reason", Reason.INVALID_CURSOR);
  }

  private static @Nullable ChangeCursor begin(WatchCodec codec, String cursor) {
    return codec
        .toDomain(
            WatchDeliveriesRequest.newBuilder().setParent(SCOPE.name()).setCursor(cursor).build())
        .begin();
  }
}
