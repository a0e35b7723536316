package dev.feedbackwebhooks.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A million deliveries that were kept for long enough: what their removal costs and leaves. */
final class Aging {
  private static final long DELIVERIES = 1_000_000;
  private static final int ENDPOINTS = 100;
  private static final long WARM_UP_EVENTS = 150_000;
  private static final long EVENTS = 100_000;
  private static final int ROUNDS = 3;

  /** What is removed in some seconds. */
  private static final long STEP = 20_000;

  private static final Duration LONG_AGO = Duration.ofDays(8);
  private static final double MIB = 1 << 20;

  private final Workbench bench;
  private final Sink sink;
  private final Customers customers = new Customers(ENDPOINTS);

  Aging(Workbench bench, Sink sink) {
    this.bench = bench;
    this.sink = sink;
  }

  List<Figure> measure() throws Exception {
    Path data = bench.fresh("aging");
    List<Figure> figures = new ArrayList<>();
    Figure before = withoutPurge(data);
    figures.add(before);
    long old;
    try (StoredDeliveries stored = StoredDeliveries.open(data.resolve("feedback.db"))) {
      stored.settled(DELIVERIES);
      old = stored.age(LONG_AGO);
      figures.add(Figure.once("1 M settled, in use", "MiB", stored.bytesInUse() / MIB));
      figures.add(each("1 M settled, of each", stored));
    }
    Figure beside = besidePurge(data, old, figures);
    figures.add(beside);
    figures.add(
        Figure.once("rate kept beside the removal", "x", beside.median() / before.median()));
    try (StoredDeliveries stored = StoredDeliveries.open(data.resolve("feedback.db"))) {
      figures.add(Figure.once("after the removal, in use", "MiB", stored.bytesInUse() / MIB));
      figures.add(each("after the removal, of each that came beside it", stored));
    }
    return figures;
  }

  /** What a delivery takes; more after the removal than before would be what the old ones leave. */
  private static Figure each(String name, StoredDeliveries stored) throws Exception {
    return Figure.once(name, "bytes", (double) stored.bytesInUse() / stored.count());
  }

  private Figure withoutPurge(Path data) throws Exception {
    try (ServerProcess server = ServerProcess.start(bench, data, sink);
        SinkCount count = sink.count();
        Load load = new Load(server, customers, "young")) {
      customers.create(load.channel(), sink::url);
      return rate("nothing to remove", server, load, count);
    }
  }

  private Figure besidePurge(Path data, long old, List<Figure> figures) throws Exception {
    try (ServerProcess server = ServerProcess.start(bench, data, sink);
        SinkCount count = sink.count();
        Load load = new Load(server, customers, "old")) {
      Figure rate = rate("beside the removal", server, load, count);
      long purged = server.purged();
      if (purged >= old) {
        throw new BenchException("all was removed before the rounds ended: measure more");
      }
      long start = System.nanoTime();
      for (long next = purged + STEP; server.purged() < old; next += STEP) {
        long now = Math.min(next, old);
        Await.until(() -> server.purged() >= now, "the removal of the next");
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      figures.add(Figure.once("removed, without load", "deliveries/s", (old - purged) / seconds));
      return rate;
    }
  }

  private static Figure rate(String name, ServerProcess server, Load load, SinkCount count)
      throws Exception {
    var _ = Pipeline.round(server, load, count::read, WARM_UP_EVENTS);
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      rates.add(Pipeline.round(server, load, count::read, EVENTS).perSecond());
    }
    return new Figure(name, "events/s", rates);
  }
}
