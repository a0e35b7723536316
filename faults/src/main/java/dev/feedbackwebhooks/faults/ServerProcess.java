package dev.feedbackwebhooks.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The server in a process of its own, as it is packaged. */
final class ServerProcess implements AutoCloseable {
  /** The checkout that it runs from: the launcher starts the rig there, Maven in the module. */
  private static final Path ROOT =
      Path.of(Files.exists(Path.of("packaging")) ? "" : "..").toAbsolutePath().normalize();

  private static final Path JAR = ROOT.resolve("app/target/feedback-webhooks.jar");
  private static final Path CACHE = ROOT.resolve("app/target/feedback-webhooks.aot");
  private static final Pattern READY = Pattern.compile("ready grpc=(\\S+) ops=(\\S+)");
  private static final Pattern FENCED =
      Pattern.compile("feedback_webhooks_fenced_total ([0-9.E]+)");

  private final Process process;
  private final Path log;
  private String grpc = "";
  private String ops = "";

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** How to start one. */
  record Launch(List<String> before, List<String> jvm, List<String> program, List<String> more) {
    static Launch packaged(String... more) {
      return new Launch(
          List.of(), List.of(), List.of("-jar", JAR.toString(), "serve"), List.of(more));
    }

    /** The same program, begun by another class of this class path. */
    Launch ofClass(Class<?> main) {
      String path = System.getProperty("java.class.path");
      return new Launch(before, jvm, List.of("-cp", path, main.getName(), "serve"), more);
    }

    /** By another program, which runs the command that follows it. */
    Launch by(String... program) {
      return new Launch(List.of(program), jvm, this.program, more);
    }

    Launch withJvm(String... options) {
      return new Launch(before, List.of(options), program, more);
    }

    private List<String> command() {
      List<String> command = new ArrayList<>(before);
      command.add(ProcessHandle.current().info().command().orElse("java"));
      command.add("@" + ROOT.resolve("packaging/jvm.args"));
      if (Files.exists(CACHE)) {
        command.add("-XX:AOTCache=" + CACHE);
      } else {
        // Most of them live for a second or two: what matters is how soon they are there.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
      }
      command.addAll(jvm);
      command.addAll(program);
      command.addAll(more);
      return command;
    }
  }

  /** Starts one, and does not wait for it. */
  static ServerProcess spawn(Path log, Launch launch) throws IOException {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(JAR + " is missing: ./mvnw -Pquick package builds it");
    }
    Process process =
        new ProcessBuilder(launch.command())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
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
    ops = ready.group(2);
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
    return process.waitFor(40, TimeUnit.SECONDS) ? process.exitValue() : null;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** Settles that came too late, since their claim was in other hands. */
  double fenced() throws Exception {
    Matcher count = FENCED.matcher(get("/metrics"));
    return count.find() ? Double.parseDouble(count.group(1)) : 0;
  }

  String get(String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://" + ops + path);
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
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

  /** SIGTERM, and waits for its end. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(40, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the server did not end within 40 s of SIGTERM");
    }
  }

  @Override
  public void close() {
    kill();
  }
}
