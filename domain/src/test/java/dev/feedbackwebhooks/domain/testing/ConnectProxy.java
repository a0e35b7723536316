package dev.feedbackwebhooks.domain.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP proxy on the loopback that does CONNECT, and nothing else, for one user or for all. */
public final class ConnectProxy implements AutoCloseable {
  private final ServerSocket socket;
  private final String credentials;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentLinkedQueue<String> heads = new ConcurrentLinkedQueue<>();

  private ConnectProxy(ServerSocket socket, String credentials) {
    this.socket = socket;
    this.credentials = credentials;
    threads.execute(this::acceptAll);
  }

  /**
   * @param credentials user, colon, password; empty for all
   */
  public static ConnectProxy start(String credentials) throws IOException {
    return new ConnectProxy(
        new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), credentials);
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** What was asked of it, each with its headers. */
  public List<String> heads() {
    return List.copyOf(heads);
  }

  private void acceptAll() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        threads.execute(() -> serve(client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      heads.add(head);
      if (!credentials.isEmpty() && !head.contains("proxy-authorization: " + expected())) {
        say(client, "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
        return;
      }
      String authority = head.split(" ", 3)[1];
      int colon = authority.lastIndexOf(':');
      try (Socket target =
          new Socket(
              authority.substring(0, colon), Integer.parseInt(authority.substring(colon + 1)))) {
        say(client, "HTTP/1.1 200 Connection established\r\n\r\n");
        threads.execute(() -> pump(target, client));
        pump(client, target);
      }
    } catch (IOException _) {
      // One of both has had enough, or the test is over.
    }
  }

  private String expected() {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private static void pump(Socket from, Socket to) {
    try {
      var _ = from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      // Likewise.
    }
  }

  private static void say(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no head");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }
}
