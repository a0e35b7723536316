package dev.feedbackwebhooks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class RigTest {
  private static final long SEED = 20_261_125;

  @TempDir Path directory;

  /** The short form, or the long one under the profile "faults"; its summary is printed. */
  @ParameterizedTest
  @EnumSource
  void theServerKeepsItsPromisesWhateverHappensToIt(StoreKind store) throws Exception {
    long seed = Long.getLong("faults.seed", SEED);
    boolean isLong = System.getProperty("faults.form", "short").equals("long");
    Plan plan = isLong ? Plan.longForm(store, seed) : Plan.shortForm(store, seed);
    Summary summary = new Rig(directory, System.out, seed).run(plan);
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    summary.print(new PrintStream(told, true, StandardCharsets.UTF_8));
    String text = told.toString(StandardCharsets.UTF_8);
    System.out.println(text);
    assertThat(summary.kept()).as(text).isTrue();
  }
}
