package dev.feedbackwebhooks.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures, and prints a table. */
@Command(name = "bench", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class Main implements Callable<Integer> {
  @Option(names = "--rounds", description = "Rounds, of which the median counts.")
  private int rounds = 3;

  @Option(names = "--seconds", description = "Length of a round of the client and the ceiling.")
  private int seconds = 4;

  @Option(names = "--events", description = "Events of a round of the pipeline.")
  private long events = 60_000;

  @Option(names = "--endpoints", split = ",", description = "Numbers of endpoints.")
  private List<Integer> endpoints = List.of(1, 100);

  @Option(names = "--only", split = ",", description = "Parts to run; all unless given.")
  private List<String> only = List.of();

  /**
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    byte[] body = "x".repeat(700).getBytes(StandardCharsets.UTF_8);
    try (Workbench bench = new Workbench()) {
      Sink sink = Sink.start(bench);
      if (wanted("ceiling")) {
        H2load h2load = new H2load(bench, body);
        for (int i = 0; i < rounds; i++) {
          System.out.println("h2load " + h2load.rate(sink.url(0), seconds));
        }
      }
      for (int count : endpoints) {
        if (wanted("client")) {
          try (ClientAlone client = new ClientAlone(sink, count, body)) {
            for (int i = 0; i <= rounds; i++) {
              System.out.println("client " + count + " " + client.rate(seconds));
            }
          }
        }
        if (wanted("pipeline")) {
          new Pipeline(bench, sink, count)
              .rounds(rounds, events)
              .forEach(round -> System.out.println("pipeline " + count + " " + round));
        }
      }
    }
    return 0;
  }

  private boolean wanted(String part) {
    return only.isEmpty() || only.contains(part);
  }
}
