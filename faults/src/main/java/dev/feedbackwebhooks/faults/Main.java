package dev.feedbackwebhooks.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Breaks a server of its own on purpose, and says whether it kept what it promised. */
@Command(
    name = "faults",
    description =
        "Breaks a server of its own on purpose, for ten minutes, and prints what it kept.",
    mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  @Option(names = "--seed", description = "Replays the plan of that seed.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--store",
      description = "What its servers store in: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private StoreKind store = StoreKind.SQLITE;

  @Option(names = "--short", description = "One of each kind, which takes a minute.")
  private boolean shortForm;

  @Option(names = "--only", split = ",", description = "Only faults of these names.")
  private List<String> only = List.of();

  /**
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    long chosen = seed.orElseGet(() -> new SplittableRandom().nextLong(1_000_000));
    Plan plan = shortForm ? Plan.shortForm(store, chosen) : Plan.longForm(store, chosen);
    Path directory = Files.createTempDirectory("feedback-webhooks-faults");
    Summary summary = new Rig(directory, System.out, chosen).run(plan.only(only));
    summary.print(System.out);
    if (!summary.kept()) {
      System.out.println("the databases and logs are kept in " + directory);
      return 1;
    }
    delete(directory);
    return 0;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
