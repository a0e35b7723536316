package dev.feedbackwebhooks.bench;

import java.time.Duration;
import java.util.List;

/** How long an event takes to its acknowledgement, and to its endpoint, at a steady rate. */
final class Latency {
  private static final int ENDPOINTS = 10;
  private static final Duration LEAD_IN = Duration.ofSeconds(6);
  private static final Duration TIMED = Duration.ofSeconds(10);

  private final Workbench bench;
  private final Sink sink;

  Latency(Workbench bench, Sink sink) {
    this.bench = bench;
    this.sink = sink;
  }

  /**
   * @param perSecond events a second, to be half of what the server can do
   */
  List<Figure> measure(long perSecond) throws Exception {
    Times acknowledged = new Times();
    Times delivered = new Times();
    Customers customers = new Customers(ENDPOINTS);
    try (Receiver receiver = Receiver.start(sink, ENDPOINTS, new Receiver.Manner.AnswersAtOnce());
        ServerProcess server = ServerProcess.start(bench, bench.fresh("latency"), sink);
        Load load = new Load(server, customers, "latency")) {
      customers.create(load.channel(), receiver::url);
      Pipeline.warmUp(server, receiver::url, receiver::arrived);
      Timetable timetable = Timetable.of(perSecond, LEAD_IN, TIMED);
      receiver.onArrival(number -> timetable.note(number, delivered));
      new OpenLoop(load.channel(), customers, "latency").run(timetable, acknowledged, () -> {});
      Await.until(() -> delivered.count() >= timetable.timed(), "the last deliveries");
      return List.of(
          Figure.once("offered", "events/s", (double) perSecond),
          Figure.once("acknowledged p50", "ms", acknowledged.percentile(0.50)),
          Figure.once("acknowledged p99", "ms", acknowledged.percentile(0.99)),
          Figure.once("delivered p50", "ms", delivered.percentile(0.50)),
          Figure.once("delivered p99", "ms", delivered.percentile(0.99)),
          Figure.once("delivered p99.9", "ms", delivered.percentile(0.999)),
          Figure.once("resident, at most", "MiB", server.peakResidentMib()));
    }
  }
}
