package dev.feedbackwebhooks.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a request costs in memory while it waits for an endpoint that takes its time. */
final class InFlight {
  private static final int REQUESTS = 1_000;
  private static final int ENDPOINTS = 20;
  private static final Duration SLOWNESS = Duration.ofSeconds(5);
  private static final Duration ARRIVAL = Duration.ofSeconds(2);

  /** All of the heap is resident from the start: what grows then is outside of it. */
  private static final List<String> FIXED_HEAP =
      List.of("-Xms288m", "-XX:+AlwaysPreTouch", "-XX:TrimNativeHeapInterval=0");

  private final Workbench bench;
  private final Sink sink;

  InFlight(Workbench bench, Sink sink) {
    this.bench = bench;
    this.sink = sink;
  }

  List<Figure> measure() throws Exception {
    List<Figure> figures = new ArrayList<>();
    measure(true, "HTTP/2", figures);
    measure(false, "HTTP/1.1", figures);
    return figures;
  }

  private void measure(boolean http2, String name, List<Figure> figures) throws Exception {
    Customers customers = new Customers(ENDPOINTS);
    ServerProcess server = ServerProcess.start(FIXED_HEAP, bench, bench.fresh("in-flight"), sink);
    try (Receiver receiver =
            Receiver.start(sink, ENDPOINTS, new Receiver.Manner.AnswersAfter(SLOWNESS), http2);
        SinkCount count = sink.count();
        Load load = new Load(server, customers, "in-flight")) {
      customers.create(load.channel(), receiver::url);
      Pipeline.warmUp(server, sink::url, count::read);
      Memory before = Memory.of(server);
      load.send(REQUESTS, REQUESTS, REQUESTS, receiver::arrived);
      Thread.sleep(ARRIVAL);
      Memory during = Memory.of(server);
      double heap = (double) (during.heapKib() - before.heapKib()) / REQUESTS;
      double rest = (double) (during.residentKib() - before.residentKib()) / REQUESTS;
      figures.add(Figure.once(name + ": in flight of " + REQUESTS, "requests", receiver.open()));
      figures.add(Figure.once(name + ": heap", "KiB each", heap));
      figures.add(Figure.once(name + ": outside the heap", "KiB each", rest));
      figures.add(Figure.once(name + ": together", "KiB each", heap + rest));
    } finally {
      // Not drained: nobody waits for the answers.
      server.kill();
      server.close();
    }
  }

  /** Memory that is in use, as of now. */
  private record Memory(long heapKib, long residentKib) {
    static Memory of(ServerProcess server) throws IOException, InterruptedException {
      return new Memory(server.liveHeapKib(), server.residentKib());
    }
  }
}
