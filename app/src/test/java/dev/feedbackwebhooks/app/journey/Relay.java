package dev.feedbackwebhooks.app.journey;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A way to a server on 127.0.0.1 that ends once so many bytes went to it: all connections are cut
 * then, and no further one is let through.
 */
final class Relay implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final long most;
  private final AtomicLong passed = new AtomicLong();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Relay(int target, long most) throws IOException {
    this.target = target;
    this.most = most;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Bytes that went to the server so far. */
  long passed() {
    return passed.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        threads.execute(() -> relay(client));
      } catch (IOException _) {
        // Closed.
      }
    }
  }

  private void relay(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      threads.execute(() -> copy(server, client, new AtomicLong(), Long.MAX_VALUE));
      copy(client, server, passed, most);
    } catch (IOException _) {
      // That connection is over.
    }
  }

  private static void copy(Socket from, Socket to, AtomicLong passed, long most) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] some = new byte[8_192];
      for (int n = in.read(some); n > 0 && passed.addAndGet(n) <= most; n = in.read(some)) {
        out.write(some, 0, n);
        out.flush();
      }
    } catch (IOException _) {
      // That connection is over.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
