package dev.feedbackwebhooks.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** BullMQ on Redis with undici, at both of the durabilities that Redis can give. */
final class BullMqPeer {
  private static final Path SOURCES = Path.of("bench", "peers", "bullmq");

  /** What its users run, which may lose a second of jobs; and what we promise. */
  private static final List<String> APPENDFSYNC = List.of("everysec", "always");

  private static final long EVENTS = 20_000;

  private final Workbench bench;
  private final Sink sink;
  private final byte[] body;

  BullMqPeer(Workbench bench, Sink sink, byte[] body) {
    this.bench = bench;
    this.sink = sink;
    this.body = body;
  }

  List<Figure> measure(int rounds) throws IOException, InterruptedException {
    Path scripts = install();
    Path payload = Files.write(scripts.resolve("body.json"), body);
    List<Figure> figures = new ArrayList<>();
    for (String appendfsync : APPENDFSYNC) {
      figures.addAll(measure(rounds, scripts, payload, appendfsync));
    }
    return figures;
  }

  /** Into a directory that is gone at the end: the project's own stays as it is. */
  private Path install() throws IOException, InterruptedException {
    if (!Workbench.has("npm")) {
      throw new BenchException("npm is missing: install Node 20 or later");
    }
    if (!Files.isDirectory(SOURCES)) {
      throw new BenchException(SOURCES + " is missing: run the bench in the project's directory");
    }
    Path scripts = bench.fresh("bullmq");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(SOURCES, "*.{js,json}")) {
      for (Path file : files) {
        Files.copy(file, scripts.resolve(file.getFileName()));
      }
    }
    Workbench.run(scripts, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    return scripts;
  }

  private List<Figure> measure(int rounds, Path scripts, Path payload, String appendfsync)
      throws IOException, InterruptedException {
    try (RedisServer redis = RedisServer.start(bench, appendfsync)) {
      String port = String.valueOf(redis.port());
      try (PeerProcess producer = node(scripts, "producer.js", port, payload.toString());
          PeerProcess worker =
              node(scripts, "worker.js", port, sink.url(0), sink.ca().toString())) {
        String name = "BullMQ + Redis, appendfsync " + appendfsync;
        return new Peer(name, producer, worker, redis.process()).measure(rounds, EVENTS);
      }
    }
  }

  private PeerProcess node(Path scripts, String script, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(arguments));
    return PeerProcess.start(bench, script, scripts, command);
  }
}
