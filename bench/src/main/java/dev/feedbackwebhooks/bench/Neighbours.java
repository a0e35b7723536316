package dev.feedbackwebhooks.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/** What one dead and one slow endpoint among a hundred cost the others. */
final class Neighbours {
  private static final int ENDPOINTS = 100;
  private static final int DEAD = 0;
  private static final int SLOW = 1;
  private static final int SOUND = ENDPOINTS - 2;
  private static final Duration SLOWNESS = Duration.ofSeconds(10);
  private static final Duration LEAD_IN = Duration.ofSeconds(7);

  /** Long enough to see the dead endpoint's first requests time out, and its lane shrink. */
  private static final Duration TIMED = Duration.ofSeconds(12);

  /** How the sound ones fared. */
  private record Fare(double perSecond, double p99) {}

  private final Workbench bench;
  private final Sink sink;

  Neighbours(Workbench bench, Sink sink) {
    this.bench = bench;
    this.sink = sink;
  }

  /**
   * @param perSecond events a second for all endpoints together
   */
  List<Figure> measure(long perSecond) throws Exception {
    ServerProcess server = ServerProcess.start(bench, bench.fresh("neighbours"), sink);
    try (Receiver sound = Receiver.start(sink, ENDPOINTS, new Receiver.Manner.AnswersAtOnce());
        Receiver slow = Receiver.start(sink, 1, new Receiver.Manner.AnswersAfter(SLOWNESS));
        Receiver dead = Receiver.start(sink, 1, new Receiver.Manner.NeverAnswers())) {
      Pipeline.warmUp(server, sound::url, sound::arrived);
      Fare alone = fare("alone-", perSecond, server, sound, sound::url);
      IntFunction<String> mixed =
          endpoint ->
              switch (endpoint) {
                case DEAD -> dead.url(0);
                case SLOW -> slow.url(0);
                default -> sound.url(endpoint);
              };
      Fare beside = fare("beside-", perSecond, server, sound, mixed);
      return List.of(
          Figure.once("98 sound endpoints, alone", "deliveries/s", alone.perSecond()),
          Figure.once("98 sound endpoints, alone, p99", "ms", alone.p99()),
          Figure.once("98 beside 1 dead, 1 slow", "deliveries/s", beside.perSecond()),
          Figure.once("98 beside 1 dead, 1 slow, p99", "ms", beside.p99()),
          Figure.once(
              "98 beside 1 dead, 1 slow: rate kept", "x", beside.perSecond() / alone.perSecond()),
          Figure.once("98 beside 1 dead, 1 slow: p99 grown", "x", beside.p99() / alone.p99()),
          Figure.once("1 dead, 1 slow: resident at most", "MiB", server.peakResidentMib()));
    } finally {
      // Not drained: the dead one's requests would make us wait.
      server.kill();
      server.close();
    }
  }

  private static Fare fare(
      String name, long perSecond, ServerProcess server, Receiver sound, IntFunction<String> url)
      throws Exception {
    Customers customers = new Customers(name, ENDPOINTS);
    Times delivered = new Times();
    AtomicLong inTime = new AtomicLong();
    try (Load load = new Load(server, customers, name)) {
      customers.create(load.channel(), url);
      Timetable timetable = Timetable.of(perSecond, LEAD_IN, TIMED);
      sound.onArrival(number -> {
        if (number % ENDPOINTS != DEAD && number % ENDPOINTS != SLOW) {
          timetable.note(number, delivered);
        }
      });
      new OpenLoop(load.channel(), customers, name)
          .run(timetable, new Times(), () -> inTime.set(delivered.count()));
      long timed = timetable.timed() / ENDPOINTS * SOUND;
      Await.until(() -> delivered.count() >= timed, "the sound endpoints' last deliveries");
      return new Fare(inTime.get() / (double) TIMED.toSeconds(), delivered.percentile(0.99));
    }
  }
}
