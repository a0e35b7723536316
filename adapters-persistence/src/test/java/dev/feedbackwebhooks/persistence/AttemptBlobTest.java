package dev.feedbackwebhooks.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.HeaderField;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.Timing;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.stored.AttemptBlob;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptBlobTest {
  @Test
  void whatIsWrittenIsRead() {
    for (AttemptDetail detail :
        List.of(
            Samples.attemptDetail(),
            AttemptDetail.NONE,
            of(List.of(), ""),
            of(List.of(new HeaderField("server", "nginx", false)), "2"),
            of(List.of(new HeaderField("x-grüße", "\u20ac \ud83d\ude00", true)), "\u00ff"),
            of(Collections.nCopies(32, new HeaderField("x", "v".repeat(512), false)), ""))) {
      assertThat(AttemptBlob.read(AttemptBlob.write(detail))).isEqualTo(detail);
    }
  }

  /** As a database has it from before there were words. */
  @Test
  void rowsThatSpellEveryWordAreRead() {
    String row =
        """
        01 00 ffffffff ffffffff ffffffff 000004b0 000005dc
        000d 3132372e302e302e313a343433 0002 6832
        00 01 00 0006 736572766572 0005 6e67696e78 0002 6f6b
        """;
    assertThat(AttemptBlob.read(HexFormat.of().parseHex(row.replaceAll("\\s", ""))))
        .isEqualTo(of(List.of(new HeaderField("server", "nginx", false)), "ok"));
  }

  /** Rows have it. Whoever adds a word adds it at the end. */
  @Test
  void aWordsNumberStays() {
    assertThat(HexFormat.of().formatHex(AttemptBlob.write(of(List.of(), "")), 37, 39))
        .isEqualTo("8000");
  }

  private static AttemptDetail of(List<HeaderField> responseHead, String body) {
    return new AttemptDetail(
        new Timing(Timing.ABSENT, Timing.ABSENT, Timing.ABSENT, 1_200, 1_500),
        "127.0.0.1:443",
        "h2",
        false,
        List.of(),
        List.of(),
        responseHead,
        body,
        false);
  }
}
