package dev.feedbackwebhooks.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The whole of it: stream, commit, POST, settle. */
final class Pipeline {
  private static final int UNANSWERED = 4_096;
  private static final int WARM_UP_ENDPOINTS = 10;
  private static final long WARM_UP_EVENTS = 150_000;

  /** So that nothing has to wait on disk: what that costs is another figure. */
  private static final int UNDELIVERED = 8_192;

  /**
   * What one round gave.
   *
   * @param perSecond events from their first send to the last delivery
   * @param perCpuSecond of the server alone
   */
  record Round(double perSecond, double perCpuSecond, long residentMib) {}

  private final Workbench bench;
  private final Sink sink;
  private final int endpoints;
  private final String[] settings;

  Pipeline(Workbench bench, Sink sink, int endpoints) {
    this(bench, sink, endpoints, new String[0]);
  }

  /**
   * @param database URL of the one to store in
   */
  Pipeline(Workbench bench, Sink sink, int endpoints, String database) {
    this(bench, sink, endpoints, new String[] {"--database=" + database});
  }

  private Pipeline(Workbench bench, Sink sink, int endpoints, String[] settings) {
    this.bench = bench;
    this.sink = sink;
    this.endpoints = endpoints;
    this.settings = settings;
  }

  /** One server, warmed up by {@code events}, then as many rounds of them. */
  List<Round> rounds(int rounds, long events) throws Exception {
    Path data = bench.fresh("pipeline");
    Customers customers = new Customers(endpoints);
    List<Round> results = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(bench, data, sink, settings);
        SinkCount count = sink.count();
        Load load = new Load(server, customers, "bench")) {
      customers.create(load.channel(), sink::url);
      round(server, load, count::read, events);
      for (int i = 0; i < rounds; i++) {
        results.add(round(server, load, count::read, events));
      }
    }
    return results;
  }

  /**
   * Has the server deliver for customers of no account, until its code is compiled: before, the
   * compiler takes more of the processor than the service.
   */
  static void warmUp(ServerProcess server, IntFunction<String> url, Load.Arrivals arrivals)
      throws Exception {
    Customers customers = new Customers("warm-up-", WARM_UP_ENDPOINTS);
    try (Load load = new Load(server, customers, "warm-up")) {
      customers.create(load.channel(), url);
      var _ = round(server, load, arrivals, WARM_UP_EVENTS);
    }
  }

  /** Sends {@code events} and waits until all are delivered. */
  static Round round(ServerProcess server, Load load, Load.Arrivals arrivals, long events)
      throws Exception {
    long before = server.delivered();
    Cpu cpu = server.cpu();
    long start = System.nanoTime();
    load.send(events, UNANSWERED, UNDELIVERED, arrivals);
    Await.until(() -> server.delivered() - before >= events, "the last deliveries");
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Round(events / seconds, events / server.cpu().since(cpu), server.residentMib());
  }
}
