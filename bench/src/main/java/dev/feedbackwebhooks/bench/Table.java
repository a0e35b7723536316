package dev.feedbackwebhooks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Figures as Markdown, each line as soon as it is known, with its ratio to the ceiling. */
final class Table {
  /** The figure that rates are held against. */
  static final String CEILING = "h2load --h1 -c64";

  private static final String REQUESTS = "requests/s";

  private final List<Figure> figures = new ArrayList<>();

  void header() throws IOException {
    System.out.printf(
        "%s, %d processors (%s), JDK %s, SQLite WAL with synchronous=FULL; load, service and sink share"
            + " the processors%n%n",
        LocalDate.now(ZoneOffset.UTC),
        Runtime.getRuntime().availableProcessors(),
        model(),
        Runtime.version());
    System.out.println("| part | what | unit | median | least – most | of the ceiling |");
    System.out.println("|---|---|---|---:|---:|---:|");
  }

  void add(String part, List<Figure> more) {
    for (Figure figure : more) {
      figures.add(figure);
      System.out.printf(
          Locale.ROOT,
          "| %s | %s | %s | %s | %s – %s | %s |%n",
          part,
          figure.name(),
          figure.unit(),
          text(figure.median()),
          text(figure.least()),
          text(figure.most()),
          ofCeiling(figure));
    }
  }

  OptionalDouble median(String name, String unit) {
    return figures.stream()
        .filter(figure -> figure.name().equals(name) && figure.unit().equals(unit))
        .mapToDouble(Figure::median)
        .findFirst();
  }

  private String ofCeiling(Figure figure) {
    OptionalDouble ceiling = median(CEILING, REQUESTS);
    boolean isRate = figure.unit().equals("events/s") || figure.unit().equals(REQUESTS);
    return isRate && ceiling.isPresent()
        ? String.format(Locale.ROOT, "%.2f", figure.median() / ceiling.getAsDouble())
        : "";
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.2f", value);
  }

  private static String model() throws IOException {
    Path cpuinfo = Path.of("/proc/cpuinfo");
    return Files.exists(cpuinfo)
        ? Files.readAllLines(cpuinfo).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown")
        : "unknown";
  }
}
