package dev.feedbackwebhooks.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service in a process of its own, as it is packaged. */
final class ServerProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("ready grpc=(\\S+) ops=(\\S+)");
  private static final Pattern DELIVERED =
      Pattern.compile("feedback_webhooks_deliveries_total\\{ending=\"delivered\"} ([0-9.E]+)");
  private static final Pattern PURGED =
      Pattern.compile("feedback_webhooks_purged_total\\{what=\"deliveries\"} ([0-9.E]+)");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+([0-9]+) kB");
  private static final Pattern HEAP = Pattern.compile(" used ([0-9]+)K");
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+([0-9]+) kB");

  /** Made by the launcher, which builds this bench as well. */
  private static final Path CACHE = Path.of("app/target/feedback-webhooks.aot");

  private final Process process;
  private final String grpc;
  private final URI metrics;
  private final HttpClient http = HttpClient.newHttpClient();

  private ServerProcess(Process process, String grpc, String ops) {
    this.process = process;
    this.grpc = grpc;
    this.metrics = URI.create("http://" + ops + "/metrics");
  }

  static ServerProcess start(Workbench bench, Path data, Sink sink, String... settings)
      throws IOException {
    return start(List.of(), bench, data, sink, settings);
  }

  /** The same with more options for its JVM. */
  static ServerProcess start(
      List<String> jvm, Workbench bench, Path data, Sink sink, String... settings)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("@packaging/jvm.args");
    if (Files.exists(CACHE)) {
      command.add("-XX:AOTCache=" + CACHE);
    }
    command.addAll(jvm);
    String extra = System.getProperty("bench.server.options", "");
    if (!extra.isEmpty()) {
      command.addAll(List.of(extra.split(" ", -1)));
    }
    command.addAll(
        List.of(
            "-jar",
            System.getProperty("bench.server.jar", "app/target/feedback-webhooks.jar"),
            "serve",
            "--grpc-address=127.0.0.1:0",
            "--ops-address=127.0.0.1:0",
            "--egress-allow=127.0.0.0/8",
            "--egress-ca=" + sink.ca(),
            "--secret-key-file=" + data.resolve("secret.key")));
    command.addAll(List.of(settings));
    if (List.of(settings).stream().noneMatch(setting -> setting.startsWith("--database="))) {
      command.add("--database=sqlite:" + data.resolve("feedback.db"));
    }
    Process process = bench.start(command, Path.of("").toAbsolutePath(), data);
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    Matcher ready = READY.matcher(line == null ? "" : line);
    if (!ready.matches()) {
      throw new BenchException(
          "the server did not start: " + Files.readString(data.resolve("stderr.txt")));
    }
    return new ServerProcess(process, ready.group(1), ready.group(2));
  }

  String grpc() {
    return grpc;
  }

  /** Deliveries that ended as delivered since the start. */
  long delivered() throws IOException, InterruptedException {
    return counted(DELIVERED);
  }

  /** Deliveries that were removed since the start because they had been kept for long enough. */
  long purged() throws IOException, InterruptedException {
    return counted(PURGED);
  }

  private long counted(Pattern metric) throws IOException, InterruptedException {
    String text =
        http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    Matcher count = metric.matcher(text);
    return count.find() ? (long) Double.parseDouble(count.group(1)) : 0;
  }

  Cpu cpu() {
    return Cpu.ofFamily(process.toHandle());
  }

  /** Resident memory in MiB. */
  long residentMib() throws IOException {
    return residentKib() / 1_024;
  }

  long residentKib() throws IOException {
    return kib(RESIDENT);
  }

  /** The most resident memory that it had since its start, in MiB. */
  double peakResidentMib() throws IOException {
    return kib(PEAK) / 1_024.0;
  }

  /** The heap that is in use once what is unreachable is gone. */
  long liveHeapKib() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String pid = String.valueOf(process.pid());
    Workbench.run(Path.of("").toAbsolutePath(), jcmd, pid, "GC.run");
    String heap = Workbench.run(Path.of("").toAbsolutePath(), jcmd, pid, "GC.heap_info");
    Matcher used = HEAP.matcher(heap);
    if (!used.find()) {
      throw new BenchException("jcmd said something else:\n" + heap);
    }
    return Long.parseLong(used.group(1));
  }

  private long kib(Pattern line) throws IOException {
    Matcher size =
        line.matcher(Files.readString(Path.of("/proc", String.valueOf(process.pid()), "status")));
    return size.find() ? Long.parseLong(size.group(1)) : 0;
  }

  /** kill -9. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    http.close();
    Workbench.stop(process);
  }
}
