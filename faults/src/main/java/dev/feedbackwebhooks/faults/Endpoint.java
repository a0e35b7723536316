package dev.feedbackwebhooks.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * A customer's TLS endpoint, which tells the oracle what it gets and may be ill in several ways.
 */
final class Endpoint implements AutoCloseable {
  /** How it answers. */
  enum Manner {
    WELL,
    ERRORS,
    /** Reads the request and closes the connection. */
    RESETS,
    /** Answers when it is told to. */
    HOLDS
  }

  /** The rig's events carry their own id as request id, which the body begins with. */
  private static final Pattern EVENT = Pattern.compile("\\{\"requestId\":\"([^\"]+)\"");

  private static final int BACKLOG = 1_000;

  private final SSLContext tls;
  private final Path ca;
  private final Oracle oracle;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger open = new AtomicInteger();
  private HttpsServer server;
  private Manner manner = Manner.WELL;

  private Endpoint(SSLContext tls, Path ca, Oracle oracle) throws IOException {
    this.tls = tls;
    this.ca = ca;
    this.oracle = oracle;
    this.server = listen(0);
  }

  static Endpoint start(Path directory, Oracle oracle) throws Exception {
    X509Bundle certificate =
        new CertificateBuilder()
            .subject("CN=endpoint")
            .addSanIpAddress("127.0.0.1")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Path ca = Files.writeString(directory.resolve("ca.pem"), certificate.getCertificatePathPEM());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
    return new Endpoint(tls, ca, oracle);
  }

  private HttpsServer listen(int port) throws IOException {
    HttpsServer listening =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    listening.setHttpsConfigurator(new HttpsConfigurator(tls));
    listening.setExecutor(threads);
    listening.createContext("/", this::handle);
    listening.start();
    return listening;
  }

  String url() {
    return "https://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  Path ca() {
    return ca;
  }

  /** Requests that wait for their answer. */
  int open() {
    return open.get();
  }

  synchronized void be(Manner next) {
    manner = next;
    notifyAll();
  }

  /** Refuses connections, until it comes up again. */
  void goDown() {
    server.stop(0);
  }

  /** Listens again, where it did before. */
  void comeUp() throws IOException {
    server = listen(server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    open.incrementAndGet();
    try (exchange) {
      Manner now = manner();
      Matcher event = EVENT.matcher(new String(body, StandardCharsets.UTF_8));
      oracle.arrived(
          event.lookingAt() ? event.group(1) : "(no event)",
          String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id")),
          body,
          now == Manner.WELL);
      switch (now) {
        case WELL, HOLDS -> exchange.sendResponseHeaders(204, -1);
        case ERRORS -> exchange.sendResponseHeaders(503, -1);
        case RESETS -> throw new IOException("closes the connection");
      }
    } finally {
      open.decrementAndGet();
    }
  }

  /** How to answer now; waits while that is not to be said. */
  private synchronized Manner manner() {
    try {
      while (manner == Manner.HOLDS) {
        wait();
      }
    } catch (InterruptedException _) {
      return Manner.RESETS;
    }
    return manner;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
