package dev.feedbackwebhooks.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a million deliveries on disk cost: those that wait, and those that are over. */
final class Backlog {
  private static final long DELIVERIES = 1_000_000;
  private static final int ENDPOINTS = 100;
  private static final long WARM_UP_EVENTS = 90_000;
  private static final long EVENTS = 30_000;
  private static final int ROUNDS = 3;
  private static final Duration DRAINED = Duration.ofSeconds(5);
  private static final double MIB = 1 << 20;

  private final Workbench bench;
  private final Sink sink;
  private final Customers customers = new Customers(ENDPOINTS);

  Backlog(Workbench bench, Sink sink) {
    this.bench = bench;
    this.sink = sink;
  }

  List<Figure> measure() throws Exception {
    Path data = bench.fresh("backlog");
    List<Figure> figures = new ArrayList<>();
    try (Receiver first = Receiver.start(sink, 1, new Receiver.Manner.AnswersAtOnce())) {
      Figure empty = rate(data, "empty table", first, figures);
      try (StoredDeliveries stored = StoredDeliveries.open(data.resolve("feedback.db"))) {
        stored.settled(DELIVERIES);
      }
      figures.add(
          Figure.once(
              "database with 1 M settled", "MiB", Files.size(data.resolve("feedback.db")) / MIB));
      makeWait(data, Instant.now().plus(Duration.ofDays(1)));
      Figure full = rate(data, "1 M waiting", first, figures);
      figures.add(Figure.once("rate kept", "x", full.median() / empty.median()));
      makeWait(data, Instant.now());
      restart(data, first, figures);
    }
    return figures;
  }

  private static void makeWait(Path data, Instant due) throws Exception {
    try (StoredDeliveries stored = StoredDeliveries.open(data.resolve("feedback.db"))) {
      stored.makeWait(due);
    }
  }

  private Figure rate(Path data, String name, Receiver first, List<Figure> figures)
      throws Exception {
    boolean isNew = !Files.exists(data.resolve("feedback.db"));
    try (ServerProcess server = ServerProcess.start(bench, data, sink);
        SinkCount count = sink.count();
        Load load = new Load(server, customers, name)) {
      if (isNew) {
        // One endpoint is ours, to see the first delivery after a restart.
        customers.create(load.channel(), i -> i == 0 ? first.url(0) : sink.url(i));
      }
      Load.Arrivals arrivals = () -> count.read() + first.arrived();
      var _ = Pipeline.round(server, load, arrivals, WARM_UP_EVENTS);
      List<Double> rates = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        rates.add(Pipeline.round(server, load, arrivals, EVENTS).perSecond());
      }
      Figure rate = new Figure(name, "events/s", rates);
      figures.add(rate);
      figures.add(Figure.once(name + ", resident at most", "MiB", server.peakResidentMib()));
      return rate;
    }
  }

  private void restart(Path data, Receiver receiver, List<Figure> figures) throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    receiver.onArrival(_ -> first.countDown());
    long start = System.nanoTime();
    ServerProcess server = ServerProcess.start(bench, data, sink);
    try {
      double ready = (System.nanoTime() - start) / 1e9;
      if (!first.await(60, TimeUnit.SECONDS)) {
        throw new BenchException("no delivery within a minute of a start with 1 M due");
      }
      figures.add(Figure.once("1 M due: start to ready", "s", ready));
      figures.add(
          Figure.once("1 M due: start to first delivery", "s", (System.nanoTime() - start) / 1e9));
      Thread.sleep(DRAINED);
      long before = server.delivered();
      long from = System.nanoTime();
      Thread.sleep(DRAINED);
      double seconds = (System.nanoTime() - from) / 1e9;
      figures.add(
          Figure.once("1 M due: rate", "deliveries/s", (server.delivered() - before) / seconds));
      figures.add(Figure.once("1 M due: resident at most", "MiB", server.peakResidentMib()));
    } finally {
      server.kill();
      server.close();
    }
  }
}
