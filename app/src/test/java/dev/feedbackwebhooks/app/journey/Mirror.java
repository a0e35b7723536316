package dev.feedbackwebhooks.app.journey;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** An endpoint that says back, byte for byte, what it gets: which is no answer of HTTP. */
final class Mirror implements AutoCloseable {
  private final ServerSocket socket;
  private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();

  Mirror(SSLContext tls) throws IOException {
    socket =
        tls.getServerSocketFactory().createServerSocket(0, 100, InetAddress.getLoopbackAddress());
    var _ = Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        byte[] bytes = new byte[64 * 1024];
        int length = client.getInputStream().read(bytes);
        seen.add(new String(bytes, 0, Math.max(0, length), StandardCharsets.ISO_8859_1));
        client.getOutputStream().write(bytes, 0, Math.max(0, length));
        client.getOutputStream().flush();
      } catch (IOException _) {
        // The client went away, or the socket was closed: the loop's condition tells.
      }
    }
  }

  /** Whether a request had all these texts. */
  boolean sawAll(String... texts) {
    return seen.stream().anyMatch(request -> Stream.of(texts).allMatch(request::contains));
  }

  String url() {
    return "https://127.0.0.1:" + socket.getLocalPort() + "/mirror";
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
