package dev.feedbackwebhooks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** db-scheduler on PostgreSQL; its producer and its worker are JVMs of their own. */
final class DbSchedulerPeer {
  private static final long EVENTS = 20_000;

  private final Workbench bench;
  private final Sink sink;
  private final byte[] body;

  DbSchedulerPeer(Workbench bench, Sink sink, byte[] body) {
    this.bench = bench;
    this.sink = sink;
    this.body = body;
  }

  List<Figure> measure(int rounds) throws IOException, InterruptedException, SQLException {
    Path payload = Files.write(bench.fresh("db-scheduler").resolve("body.json"), body);
    try (PostgresServer postgres = PostgresServer.start(bench)) {
      postgres.execute(DbSchedulerJob.SCHEMA);
      String url = postgres.url();
      try (PeerProcess producer = java(DbSchedulerProducer.class, url, payload.toString());
          PeerProcess worker =
              java(DbSchedulerWorker.class, url, sink.url(0), sink.ca().toString())) {
        List<Figure> figures =
            new Peer("db-scheduler + PostgreSQL", producer, worker, postgres.postmaster())
                .measure(rounds, EVENTS);
        String left = postgres.answer("SELECT count(*) FROM scheduled_tasks");
        if (!left.equals("0")) {
          throw new BenchException("db-scheduler left " + left + " jobs undone");
        }
        return figures;
      }
    }
  }

  private PeerProcess java(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx512m",
            "-XX:+UseParallelGC",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(arguments));
    return PeerProcess.start(bench, main.getSimpleName(), Path.of("").toAbsolutePath(), command);
  }
}
