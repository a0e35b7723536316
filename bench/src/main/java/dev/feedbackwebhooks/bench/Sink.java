package dev.feedbackwebhooks.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An nginx that answers 200 to everything over TLS, on as many ports as there are endpoints. */
final class Sink {
  static final int FIRST_PORT = 18_500;
  private static final int FIRST_HTTP1_PORT = 18_600;
  private static final int PORTS = 100;
  private static final int STATUS_PORT = 18_499;

  /**
   * Bodies that it does not read, nginx does not count as payload; without any payload in its
   * answers it would take us for a flood after some 28,000 requests, and close the connection.
   */
  private static final int ANSWER_BYTES = 100;

  private final Path ca;
  private final Process process;

  private Sink(Path ca, Process process) {
    this.ca = ca;
    this.process = process;
  }

  static Sink start(Workbench bench) throws IOException, InterruptedException {
    Path directory = bench.fresh("nginx");
    Workbench.run(
        directory,
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
        "-days",
        "2",
        "-subj",
        "/CN=bench sink",
        "-addext",
        "subjectAltName=IP:127.0.0.1");
    Files.writeString(directory.resolve("nginx.conf"), configuration(directory));
    Process process =
        bench.start(
            List.of(
                "nginx",
                "-p",
                directory.toString(),
                "-c",
                directory + "/nginx.conf",
                "-e",
                directory + "/error.log",
                "-g",
                "daemon off;"),
            directory);
    Sink sink = new Sink(directory.resolve("cert.pem"), process);
    sink.awaitListening();
    return sink;
  }

  /** One worker, no log: the sink is to cost as little as it can. */
  private static String configuration(Path directory) {
    String answer =
        """
            ssl_certificate %s/cert.pem;
            ssl_certificate_key %s/key.pem;
            ssl_session_cache shared:s:10m;
            location / { return 200 "%s"; }
        """
            .formatted(directory, directory, "-".repeat(ANSWER_BYTES));
    return """
    worker_processes 1;
    worker_rlimit_nofile 65536;
    pid nginx.pid;
    events { worker_connections 16384; }
    http {
      access_log off;
      keepalive_requests 100000000;
      keepalive_timeout 300s;
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      server {
    %s
        http2_max_concurrent_streams 256;
    %s
      }
      server {
    %s
    %s
      }
      server { listen 127.0.0.1:%d; location / { stub_status; } }
    }
    """
        .formatted(
            listen(FIRST_PORT, "http2"), answer, listen(FIRST_HTTP1_PORT, ""), answer, STATUS_PORT);
  }

  private static String listen(int first, String protocol) {
    return IntStream.range(0, PORTS)
        .mapToObj(
            i -> "    listen 127.0.0.1:%d ssl %s backlog=4096;%n".formatted(first + i, protocol))
        .collect(Collectors.joining());
  }

  private void awaitListening() throws InterruptedException {
    for (int i = 0; i < 100 && process.isAlive(); i++) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), FIRST_PORT)) {
        // Unless it is a stranger that listens there, and ours is about to give up.
        Thread.sleep(200);
        if (process.isAlive()) {
          return;
        }
      } catch (IOException _) {
        Thread.sleep(50);
      }
    }
    throw new BenchException(
        "nginx did not begin to listen at " + FIRST_PORT + ": is the port taken?");
  }

  /** Counts what it answers from now on. */
  SinkCount count() throws IOException {
    return new SinkCount(STATUS_PORT);
  }

  Path ca() {
    return ca;
  }

  /** The certificate's key, for another server that is to have the same. */
  Path key() {
    return ca.resolveSibling("key.pem");
  }

  String url(int endpoint) {
    return "https://127.0.0.1:" + (FIRST_PORT + endpoint % PORTS) + "/feedback";
  }

  /** An endpoint that speaks HTTP/1.1 only. */
  String http1Url(int endpoint) {
    return "https://127.0.0.1:" + (FIRST_HTTP1_PORT + endpoint % PORTS) + "/feedback";
  }

  Cpu cpu() {
    return Cpu.ofFamily(process.toHandle());
  }
}
