package dev.feedbackwebhooks.app.journey;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS endpoint that does to each connection, once something was said on it, what it is told. */
final class HostileEndpoint implements AutoCloseable {
  /** What is done then. After it the connection is held until the other side ends it. */
  interface Behaviour {
    void in(SSLSocket connection) throws IOException, InterruptedException;
  }

  private final SSLServerSocket socket;
  private final String protocol;
  private final Behaviour behaviour;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  HostileEndpoint(SSLContext tls, String protocol, Behaviour behaviour) throws IOException {
    this.protocol = protocol;
    this.behaviour = behaviour;
    socket =
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(0, 100, InetAddress.getLoopbackAddress());
    threads.execute(this::acceptAll);
  }

  /** Writes until nobody reads any more; a pause after each part, where it is not 0. */
  static Behaviour forever(byte[] first, byte[] part, int pauseMillis) {
    return connection -> {
      OutputStream out = connection.getOutputStream();
      out.write(first);
      while (true) {
        out.write(part);
        out.flush();
        Thread.sleep(pauseMillis);
      }
    };
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void acceptAll() {
    while (!socket.isClosed()) {
      try {
        SSLSocket connection = (SSLSocket) socket.accept();
        threads.execute(() -> serve(connection));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(SSLSocket connection) {
    try (connection) {
      SSLParameters parameters = connection.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {protocol});
      connection.setSSLParameters(parameters);
      byte[] bytes = new byte[16_384];
      if (connection.getInputStream().read(bytes) > 0) {
        misbehave(connection, bytes);
      }
    } catch (IOException | InterruptedException _) {
      // The other side has ended it, or the test is over.
    }
  }

  private void misbehave(SSLSocket connection, byte[] bytes)
      throws IOException, InterruptedException {
    connections.incrementAndGet();
    open.incrementAndGet();
    try {
      behaviour.in(connection);
      while (connection.getInputStream().read(bytes) >= 0) {
        // Until the other side ends it.
      }
    } finally {
      open.decrementAndGet();
    }
  }

  /** Those on which something was said; others may be kept for later. */
  int connections() {
    return connections.get();
  }

  /** Those of them that are open now. */
  int open() {
    return open.get();
  }

  String url() {
    return "https://127.0.0.1:" + socket.getLocalPort() + "/";
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }
}
