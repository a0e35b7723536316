package dev.feedbackwebhooks.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that a user might run in our place, ready to be measured.
 *
 * @param producer makes jobs durable; its processor time is not counted, as that of our own load is
 *     not
 * @param worker takes jobs, POSTs them and marks them completed
 * @param store the first process of the database server
 */
record Peer(String name, PeerProcess producer, PeerProcess worker, ProcessHandle store) {
  /** A JVM goes on compiling for as long. */
  private static final int ROUNDS_TO_WARM_UP = 3;

  /** What one round gave. */
  private record Round(double perSecond, double perCpuSecond) {}

  /** Warms it up, then measures {@code rounds} of {@code events} each. */
  List<Figure> measure(int rounds, long events) throws IOException, InterruptedException {
    round(ROUNDS_TO_WARM_UP * events);
    List<Round> results = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      results.add(round(events));
    }
    return List.of(
        new Figure(name, "events/s", results.stream().map(Round::perSecond).toList()),
        new Figure(name, "events/CPU s", results.stream().map(Round::perCpuSecond).toList()));
  }

  /** From the first job that is made durable to the last that is completed. */
  private Round round(long events) throws IOException, InterruptedException {
    Cpu ofWorker = worker.cpu();
    Cpu ofStore = Cpu.ofFamily(store);
    long start = System.nanoTime();
    worker.begin(events);
    producer.begin(events);
    producer.awaitDone();
    worker.awaitDone();
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = worker.cpu().since(ofWorker) + Cpu.ofFamily(store).since(ofStore);
    return new Round(events / seconds, events / cpuSeconds);
  }
}
