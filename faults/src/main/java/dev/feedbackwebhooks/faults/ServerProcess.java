package dev.feedbackwebhooks.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The server in a process of its own, as it is packaged. */
final class ServerProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("ready grpc=(\\S+) ops=(\\S+)");

  private static final long ENDS_WITHIN_SECONDS = 180;

  private final Process process;
  private final Path log;
  private String grpc = "";

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one and stops it, so that the JVM can write down what it loaded: the next ones are there
   * in a third of the time.
   *
   * @return the options of these
   */
  static List<String> rehearse(Path directory) throws Exception {
    String cache = directory.resolve("server.aot").toString();
    List<String> settings =
        List.of(
            "--grpc-address=127.0.0.1:0",
            "--ops-address=127.0.0.1:0",
            "--database=sqlite:" + directory.resolve("rehearsal/f.db"));
    Launch launch = Launch.packaged(List.of("-XX:AOTCacheOutput=" + cache), settings);
    try (ServerProcess server = spawn(directory.resolve("rehearsal.txt"), launch)) {
      if (!server.awaitReady()) {
        throw new RigException("the server does not even start: " + server.log());
      }
      server.stop();
    }
    return List.of("-XX:AOTCache=" + cache);
  }

  /** Starts one, and does not wait for it. */
  static ServerProcess spawn(Path log, Launch launch) throws IOException {
    Process process =
        new ProcessBuilder(launch.command())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    // Ctrl-C leaves none behind.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new ServerProcess(process, log);
  }

  /** Waits until it is ready; false if it ended instead. */
  boolean awaitReady() throws IOException {
    String line = process.inputReader().readLine();
    Matcher ready = READY.matcher(line == null ? "" : line);
    if (!ready.matches()) {
      return false;
    }
    grpc = ready.group(1);
    return true;
  }

  String grpc() {
    return grpc;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The exit status, once it has ended; null if it goes on. */
  @Nullable Integer exitStatus() throws InterruptedException {
    return process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : null;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** Writes a line to its standard input. */
  void tell(String line) throws IOException {
    var out = process.outputWriter();
    out.write(line + "\n");
    out.flush();
  }

  /** kill -9. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGTERM, and waits for its end. */
  void stop() throws InterruptedException {
    terminate();
    if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "the server did not end within " + ENDS_WITHIN_SECONDS + " s of SIGTERM");
    }
  }

  @Override
  public void close() {
    kill();
  }
}
