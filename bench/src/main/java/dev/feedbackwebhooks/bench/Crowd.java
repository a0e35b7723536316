package dev.feedbackwebhooks.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Many customers at once: a thousand that all send, ten thousand that are there. */
final class Crowd {
  private static final long WARM_UP_EVENTS = 90_000;
  private static final long EVENTS = 30_000;
  private static final int ROUNDS = 3;

  private final Workbench bench;
  private final Sink sink;

  Crowd(Workbench bench, Sink sink) {
    this.bench = bench;
    this.sink = sink;
  }

  List<Figure> measure() throws Exception {
    List<Figure> figures = new ArrayList<>();
    var _ = measure(1_000, "1,000 organizations", figures);
    Path data = measure(10_000, "10,000 configurations", figures);
    long start = System.nanoTime();
    try (ServerProcess server = ServerProcess.start(bench, data, sink)) {
      figures.add(
          Figure.once(
              "10,000 configurations: start to ready", "s", (System.nanoTime() - start) / 1e9));
      figures.add(
          Figure.once(
              "10,000 configurations: resident after the start",
              "MiB",
              (double) server.residentMib()));
    }
    return figures;
  }

  private Path measure(int organizations, String name, List<Figure> figures) throws Exception {
    Path data = bench.fresh("crowd");
    Customers customers = new Customers(organizations);
    try (ServerProcess server = ServerProcess.start(bench, data, sink);
        SinkCount count = sink.count();
        Load load = new Load(server, customers, "crowd")) {
      long start = System.nanoTime();
      customers.create(load.channel(), sink::url);
      double seconds = (System.nanoTime() - start) / 1e9;
      figures.add(Figure.once(name + ": created", "customers/s", organizations / seconds));
      var _ = Pipeline.round(server, load, count::read, WARM_UP_EVENTS);
      List<Double> rates = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        rates.add(Pipeline.round(server, load, count::read, EVENTS).perSecond());
      }
      figures.add(new Figure(name + ": rate, each has events", "events/s", rates));
      figures.add(Figure.once(name + ": resident at most", "MiB", server.peakResidentMib()));
    }
    return data;
  }
}
