package dev.feedbackwebhooks.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several servers on one PostgreSQL, all on this machine: what one more brings, and one less. */
final class Scale {
  private static final List<Integer> NODES = List.of(1, 2, 4);
  private static final int ENDPOINTS = 100;
  private static final int UNANSWERED = 4_096;
  private static final int UNDELIVERED = 8_192;

  private static final int LEASE_SECONDS = 8;

  /** The shortest lease that a server takes with an attempt of two seconds. */
  private static final String[] SHORT = {
    "--connect-timeout=2s", "--attempt-timeout=2s", "--lease=" + LEASE_SECONDS + "s"
  };

  private static final long BEFORE_THE_KILL = 20_000;

  private final Workbench bench;
  private final Sink sink;
  private final int rounds;
  private final long events;

  /**
   * @param events of a round, whatever the number of nodes
   */
  Scale(Workbench bench, Sink sink, int rounds, long events) {
    this.bench = bench;
    this.sink = sink;
    this.rounds = rounds;
    this.events = events;
  }

  List<Figure> measure() throws Exception {
    List<Figure> figures = new ArrayList<>();
    for (int nodes : NODES) {
      try (PostgresServer database = PostgresServer.start(bench);
          Cluster cluster = new Cluster(database, nodes)) {
        figures.addAll(cluster.measure());
      }
    }
    figures.add(failover());
    return figures;
  }

  /** Nodes with a pipeline of its own each. */
  private final class Cluster implements AutoCloseable {
    private final List<Node> nodes = new ArrayList<>();
    private final PostgresServer database;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Cluster(PostgresServer database, int size, String... settings) throws Exception {
      this.database = database;
      List<String> given = new ArrayList<>(List.of(settings));
      given.add("--database=" + database.serviceUrl());
      Path data = bench.fresh("scale");
      Customers customers = new Customers(ENDPOINTS);
      for (int i = 0; i < size; i++) {
        ServerProcess server = ServerProcess.start(bench, data, sink, given.toArray(String[]::new));
        nodes.add(new Node(server, sink.count(), new Load(server, customers, "node-" + i)));
      }
      customers.create(nodes.getFirst().load().channel(), sink::url);
    }

    List<Figure> measure() throws Exception {
      String name = "nodes on one PostgreSQL: " + nodes.size();
      List<Double> rates = new ArrayList<>();
      var _ = round();
      Written before = written();
      Cpu cpu = Cpu.ofFamily(database.postmaster());
      for (int i = 0; i < rounds; i++) {
        rates.add(round());
      }
      double databaseSeconds = Cpu.ofFamily(database.postmaster()).since(cpu);
      Written after = written();
      double resident = 0;
      for (Node node : nodes) {
        resident += node.server().residentMib();
      }
      return List.of(
          new Figure(name, "events/s", rates),
          Figure.once(name + ", resident together", "MiB", resident),
          Figure.once(
              name + ", PostgreSQL alone", "events/CPU s", rounds * events / databaseSeconds),
          Figure.once(
              name + ", log written",
              "bytes/event",
              (after.logBytes() - before.logBytes()) / ((double) rounds * events)),
          Figure.once(
              name + ", events in a commit",
              "",
              (double) rounds * events / (after.commits() - before.commits())));
    }

    private Written written() throws Exception {
      return new Written(
          Long.parseLong(database.answer("SELECT (pg_current_wal_lsn() - '0/0')::bigint")),
          Long.parseLong(
              database.answer(
                  "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")));
    }

    /** Events a second, from the first that is sent to the last delivery. */
    private double round() throws Exception {
      long before = delivered();
      long each = events / nodes.size();
      long start = System.nanoTime();
      List<Future<Void>> sending =
          nodes.stream().map(node -> threads.submit(() -> node.send(each, nodes.size()))).toList();
      for (Future<Void> one : sending) {
        one.get();
      }
      Await.until(() -> delivered() - before >= each * nodes.size(), "the last deliveries");
      return each * nodes.size() * 1e9 / (System.nanoTime() - start);
    }

    private long delivered() throws Exception {
      long delivered = 0;
      for (Node node : nodes) {
        delivered += node.server().delivered();
      }
      return delivered;
    }

    /** Seconds from the kill of one node to the last delivery of what it had taken in. */
    double failover() throws Exception {
      var _ = round();
      Node doomed = nodes.getLast();
      Future<Void> sending = threads.submit(() -> doomed.send(events, 1));
      long target = doomed.load().accepted() + BEFORE_THE_KILL;
      Await.until(() -> doomed.load().accepted() >= target, "events on the node that is killed");
      doomed.server().kill();
      long start = System.nanoTime();
      long left = left();
      Await.until(() -> left() == 0, "what the killed node had taken in");
      double seconds = (System.nanoTime() - start) / 1e9;
      if (sending.state() == Future.State.SUCCESS || left == 0) {
        throw new BenchException("the node was killed when it had nothing under way");
      }
      return seconds;
    }

    private long left() throws Exception {
      return Long.parseLong(database.answer("SELECT COUNT(*) FROM delivery WHERE state <> 2"));
    }

    @Override
    public void close() throws IOException {
      for (Node node : nodes) {
        node.close();
      }
      threads.shutdownNow();
    }
  }

  /** What PostgreSQL wrote since it began. */
  private record Written(long logBytes, long commits) {}

  /** A server and what streams to it. */
  private record Node(ServerProcess server, SinkCount arrivals, Load load)
      implements AutoCloseable {
    /** The sink counts what comes from all of them. */
    Void send(long events, int nodes) throws Exception {
      load.send(events, UNANSWERED / nodes, UNDELIVERED / nodes, () -> arrivals.read() / nodes);
      return null;
    }

    @Override
    public void close() throws IOException {
      load.close();
      arrivals.close();
      server.close();
    }
  }

  private Figure failover() throws Exception {
    try (PostgresServer database = PostgresServer.start(bench);
        Cluster cluster = new Cluster(database, 2, SHORT)) {
      return Figure.once(
          "one of two nodes killed, lease " + LEASE_SECONDS + " s: all delivered after",
          "s",
          cluster.failover());
    }
  }
}
