package dev.feedbackwebhooks.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures, and prints a table. Everything is on 127.0.0.1, bounded, and gone at the end. */
@Command(
    name = "bench",
    description = "Measures what the service does beside what the wire and others do.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class Main implements Callable<Integer> {
  /** What can be measured, in this order; {@link #LONG} ones only when asked for. */
  enum Part {
    ceiling,
    client,
    pipeline,
    postgres,
    peers,
    latency,
    neighbours,
    backlog,
    search,
    scale
  }

  private static final EnumSet<Part> LONG = EnumSet.of(Part.search, Part.scale);

  @Option(names = "--rounds", description = "Rounds, of which the median counts.")
  private int rounds = 3;

  @Option(names = "--seconds", description = "Length of a round of the client and the ceiling.")
  private int seconds = 3;

  @Option(names = "--events", description = "Events of a round of the pipeline.")
  private long events = 200_000;

  @Option(names = "--endpoints", split = ",", description = "Numbers of endpoints.")
  private List<Integer> endpoints = List.of(1, 100);

  @Option(
      names = "--only",
      split = ",",
      description = "Parts to run, of: ${COMPLETION-CANDIDATES}.")
  private List<Part> only = List.copyOf(EnumSet.complementOf(LONG));

  private final Table table = new Table();

  /**
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    List<String> missing = missing();
    if (!missing.isEmpty()) {
      System.err.println(
          "bench: missing: "
              + String.join(", ", missing)
              + " (Debian: apt-get install nginx-light nghttp2-client openssl redis-server npm;"
              + " --only leaves parts out)");
      return 1;
    }
    table.header();
    byte[] body = "x".repeat(700).getBytes(StandardCharsets.UTF_8);
    try (Workbench bench = new Workbench()) {
      Sink sink = Sink.start(bench);
      for (Part part : Part.values()) {
        if (only.contains(part)) {
          table.add(part.name(), measure(part, bench, sink, body));
        }
      }
    }
    return 0;
  }

  /** Told before anything is measured, not after some minutes. */
  private List<String> missing() {
    List<String> needed = new ArrayList<>(List.of("nginx", "h2load", "openssl"));
    if (only.contains(Part.peers)) {
      needed.addAll(List.of("redis-server", "npm"));
    }
    needed.removeIf(Workbench::has);
    return needed;
  }

  private List<Figure> measure(Part part, Workbench bench, Sink sink, byte[] body)
      throws Exception {
    return switch (part) {
      case ceiling -> List.of(ceiling(new H2load(bench, body), sink));
      case client -> client(sink, body);
      case pipeline -> pipeline(bench, sink);
      case postgres -> postgres(bench, sink);
      case peers -> peers(bench, sink, body);
      case latency -> new Latency(bench, sink).measure(halfOfPeak());
      case neighbours -> new Neighbours(bench, sink).measure(halfOfPeak() / 2);
      case backlog -> new Backlog(bench, sink).measure();
      case search -> new Search(bench, sink).measure();
      case scale -> new Scale(bench, sink, rounds, events).measure();
    };
  }

  private Figure ceiling(H2load h2load, Sink sink) throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      rates.add(h2load.rate(sink.url(0), seconds));
    }
    return new Figure(Table.CEILING, "requests/s", rates);
  }

  private List<Figure> client(Sink sink, byte[] body) throws Exception {
    List<Figure> figures = new ArrayList<>();
    for (int count : endpoints) {
      figures.add(client("HTTP/1.1", sink, sink::http1Url, count, body));
      figures.add(client("HTTP/2", sink, sink::url, count, body));
    }
    return figures;
  }

  private Figure client(String protocol, Sink sink, IntFunction<String> url, int count, byte[] body)
      throws Exception {
    List<Double> rates = new ArrayList<>();
    try (ClientAlone client = new ClientAlone(sink, url, count, body)) {
      var _ = client.rate(2 * seconds);
      for (int i = 0; i < rounds; i++) {
        rates.add(client.rate(seconds));
      }
    }
    return new Figure(
        "our client alone, " + protocol + ", endpoints: " + count, "requests/s", rates);
  }

  private List<Figure> pipeline(Workbench bench, Sink sink) throws Exception {
    List<Figure> figures = new ArrayList<>();
    for (int count : endpoints) {
      figures.addAll(
          figures(
              "whole pipeline, endpoints: " + count,
              new Pipeline(bench, sink, count).rounds(rounds, events)));
    }
    return figures;
  }

  /** The same with the store on a PostgreSQL of its own, which syncs each commit as well. */
  private List<Figure> postgres(Workbench bench, Sink sink) throws Exception {
    List<Figure> figures = new ArrayList<>();
    for (int count : endpoints) {
      try (PostgresServer database = PostgresServer.start(bench)) {
        figures.addAll(
            figures(
                "whole pipeline on PostgreSQL, endpoints: " + count,
                new Pipeline(bench, sink, count, database.serviceUrl()).rounds(rounds, events)));
      }
    }
    return figures;
  }

  private static List<Figure> figures(String name, List<Pipeline.Round> results) {
    return List.of(
        figure(name, "events/s", results, Pipeline.Round::perSecond),
        figure(name, "events/CPU s", results, Pipeline.Round::perCpuSecond),
        figure(name + ", resident", "MiB", results, Pipeline.Round::residentMib));
  }

  private static Figure figure(
      String name,
      String unit,
      List<Pipeline.Round> rounds,
      java.util.function.ToDoubleFunction<Pipeline.Round> value) {
    return new Figure(name, unit, rounds.stream().map(value::applyAsDouble).toList());
  }

  private List<Figure> peers(Workbench bench, Sink sink, byte[] body) throws Exception {
    List<Figure> figures = new ArrayList<>(new DbSchedulerPeer(bench, sink, body).measure(rounds));
    figures.addAll(new BullMqPeer(bench, sink, body).measure(rounds));
    return figures;
  }

  /** Half of what the pipeline did in this run; a guess where it was left out. */
  private long halfOfPeak() {
    return Math.round(
        table.median("whole pipeline, endpoints: 100", "events/s").orElse(24_000) / 2);
  }
}
