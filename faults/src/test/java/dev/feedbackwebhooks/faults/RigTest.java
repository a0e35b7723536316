package dev.feedbackwebhooks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RigTest {
  private static final long SEED = 20_261_125;

  @TempDir Path directory;

  /** The short form, or the long one under the profile "faults"; its summary is printed. */
  @Test
  void theServerKeepsItsPromisesWhateverHappensToIt() throws Exception {
    boolean isLong = System.getProperty("faults.form", "short").equals("long");
    long seed = Long.getLong("faults.seed", SEED);
    Plan plan = isLong ? Plan.longForm(seed) : Plan.shortForm(seed);
    Summary summary = new Rig(directory, System.out, seed).run(plan);
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    summary.print(new PrintStream(told, true, StandardCharsets.UTF_8));
    String text = told.toString(StandardCharsets.UTF_8);
    System.out.println(text);
    assertThat(summary.kept()).as(text).isTrue();
  }
}
