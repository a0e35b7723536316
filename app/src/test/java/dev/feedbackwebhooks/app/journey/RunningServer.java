package dev.feedbackwebhooks.app.journey;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server in a process of its own, as its users start it. */
final class RunningServer implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("ready grpc=(\\S+) ops=(\\S+)");

  private final Process process;
  private final String grpc;
  private final String ops;
  private final Path log;
  private final ManagedChannel channel;

  private RunningServer(Process process, String grpc, String ops, Path log) {
    this.process = process;
    this.grpc = grpc;
    this.ops = ops;
    this.log = log;
    this.channel = Grpc.newChannelBuilder(grpc, InsecureChannelCredentials.create()).build();
  }

  /** Starts a server with its data in {@code directory}, on ports of its own. */
  static RunningServer start(Path directory, Endpoint endpoint, String... settings) {
    List<String> command = command(directory, endpoint);
    command.add("--egress-allow=127.0.0.0/8");
    add(command, settings);
    return start(directory, command);
  }

  /** The same, with gRPC at {@code address}. */
  static RunningServer startAt(
      String address, Path directory, Endpoint endpoint, String... settings) {
    List<String> command = command(directory, endpoint);
    add(command, "--grpc-address=" + address);
    add(command, settings);
    return start(directory, command);
  }

  /** In the place of what these settings are without. */
  private static void add(List<String> command, String... settings) {
    for (String setting : settings) {
      String name = setting.replaceFirst("=.*", "=");
      command.removeIf(each -> name.endsWith("=") && each.startsWith(name));
    }
    command.addAll(List.of(settings));
  }

  /** Starts a server that may reach the public internet only, unless a setting says otherwise. */
  static RunningServer startStrict(Path directory, Endpoint endpoint, String... settings) {
    List<String> command = command(directory, endpoint);
    command.addAll(List.of(settings));
    return start(directory, command);
  }

  private static RunningServer start(Path directory, List<String> command) {
    Path log = directory.resolve("log.txt");
    try {
      Process process = launch(command, log);
      BufferedReader out = process.inputReader();
      String line = out.readLine();
      Matcher ready = READY.matcher(line == null ? "" : line);
      if (!ready.matches()) {
        throw new IllegalStateException("no ready line: " + line + "\n" + Files.readString(log));
      }
      return new RunningServer(process, here(ready.group(1)), here(ready.group(2)), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Who listens at every address is met at this machine's own. */
  private static String here(String address) {
    return address.replaceFirst("^\\[0:0:0:0:0:0:0:0]:", "127.0.0.1:");
  }

  /** Runs a server that is expected to end by itself; answers its exit status and what it said. */
  static String refusedStart(Path directory, Endpoint endpoint, String... settings)
      throws IOException, InterruptedException {
    List<String> command = command(directory, endpoint);
    command.addAll(List.of(settings));
    Path log = directory.resolve("refused.txt");
    Process process = launch(command, log);
    if (!Patience.ends(process)) {
      process.destroyForcibly();
      return "still running";
    }
    return process.exitValue() + " " + Files.readString(log);
  }

  private static Process launch(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Exchanges the secret key in a process of its own; answers its exit status and what it said. */
  static String rotateSecretKey(Path directory, String... settings)
      throws IOException, InterruptedException {
    return offline(directory, "rotate-secret-key", settings);
  }

  /**
   * Runs a command on the database in a process of its own; answers its status and what it said.
   */
  static String offline(Path directory, String name, String... settings)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    all.add("--database=sqlite:" + directory.resolve("feedback.db"));
    all.addAll(List.of(settings));
    return offline(name, all);
  }

  /** The same, on whatever database the settings name. */
  static String offline(String name, List<String> settings)
      throws IOException, InterruptedException {
    List<String> command = program();
    command.add(name);
    command.addAll(settings);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + said;
  }

  private static List<String> command(Path directory, Endpoint endpoint) {
    List<String> command = program();
    command.addAll(
        List.of(
            "serve",
            "--grpc-address=127.0.0.1:0",
            "--ops-address=127.0.0.1:0",
            "--database=sqlite:" + directory.resolve("feedback.db"),
            "--egress-ca=" + endpoint.caFile()));
    return command;
  }

  private static List<String> program() {
    return new ArrayList<>(Packaged.command(List.of()));
  }

  ManagedChannel channel() {
    return channel;
  }

  long pid() {
    return process.pid();
  }

  String grpc() {
    return grpc;
  }

  /** Base URL of the ops endpoint. */
  String ops() {
    return "http://" + ops;
  }

  /** What the operators' port answers, whatever its status. */
  String get(String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(ops() + path)).build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a signal by its name. */
  void signal(String name) throws IOException, InterruptedException {
    int status = new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("kill -" + name + " ended with " + status);
    }
  }

  /** kill -9. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
    channel.shutdownNow();
  }

  /** SIGTERM; the process ends on its own. */
  void terminate() {
    process.destroy();
  }

  /** The exit status, once it has ended. */
  int exitStatus() throws InterruptedException {
    if (!Patience.ends(process)) {
      throw new IllegalStateException("the server did not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }
}
