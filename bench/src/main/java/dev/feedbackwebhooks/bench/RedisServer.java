package dev.feedbackwebhooks.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;

/** A Redis that appends every command to a file, on 127.0.0.1. */
final class RedisServer implements AutoCloseable {
  private final Process process;
  private final int port;

  private RedisServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param appendfsync when the file is synced: {@code everysec} or {@code always}
   */
  static RedisServer start(Workbench bench, String appendfsync)
      throws IOException, InterruptedException {
    if (!Workbench.has("redis-server")) {
      throw new BenchException("redis-server is missing: install Debian's package redis-server");
    }
    Path data = bench.fresh("redis");
    int port = freePort();
    Process process =
        bench.start(
            List.of(
                "redis-server",
                "--bind",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--logfile",
                "redis.log",
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                appendfsync),
            data);
    awaitListening(process, port);
    return new RedisServer(process, port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitListening(Process process, int port) throws InterruptedException {
    for (int i = 0; i < 100 && process.isAlive(); i++) {
      try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException _) {
        Thread.sleep(50);
      }
    }
    throw new BenchException("redis-server did not begin to listen at " + port);
  }

  int port() {
    return port;
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public void close() {
    Workbench.stop(process);
  }
}
