package dev.feedbackwebhooks.app.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MigrationProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();

  private MigrationProgress progress(boolean interactive) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(new ByteArrayInputStream(new byte[0]), out, out, interactive);
    return new MigrationProgress(terminal, nanos::get);
  }

  private void pass(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private String said() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTerminalsLineTellsHowFarHowFastAndHowLong() {
    MigrationProgress progress = progress(true);
    progress.copied("delivery", 60_000, 1_000_000);
    pass(99);
    progress.copied("delivery", 61_000, 1_000_000);
    assertThat(said()).isEmpty();
    pass(1_901);
    progress.copied("delivery", 80_000, 1_000_000);
    progress.end();
    assertThat(said())
        .isEqualTo(
            "\r\033[Kcopying delivery: 80,000 of 1,000,000 rows, 10,000/s, 0:01:32 left\r\033[K");
  }

  @Test
  void elsewhereThereIsALineNowAndThen() {
    MigrationProgress progress = progress(false);
    for (int second = 0; second < 25; second++) {
      progress.compared("attempt", second * 10L, 1_000);
      pass(1_000);
    }
    progress.end();
    assertThat(said())
        .isEqualTo(
            """
            comparing attempt: 100 of 1,000 rows, 10/s, 0:01:30 left
            comparing attempt: 200 of 1,000 rows, 10/s, 0:01:20 left
            """);
  }
}
