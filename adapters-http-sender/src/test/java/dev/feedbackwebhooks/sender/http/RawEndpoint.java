package dev.feedbackwebhooks.sender.http;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A server that speaks bytes, so that it can misbehave in any way. */
public final class RawEndpoint implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: ([0-9]+)");

  /** What the endpoint does once it has read a request. */
  interface Answer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final Answer answer;
  private final boolean greets;
  private final Layer layer;
  private final AtomicInteger connections = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();

  private RawEndpoint(ServerSocket socket, Answer answer, boolean greets, Layer layer) {
    this.layer = layer;
    this.socket = socket;
    this.answer = answer;
    this.greets = greets;
    threads.execute(this::acceptAll);
  }

  public static RawEndpoint tls(X509Bundle certificate, Answer answer) throws Exception {
    return tls(certificate, answer, "TLSv1.2", "TLSv1.3");
  }

  public static RawEndpoint tls(X509Bundle certificate, Answer answer, String... protocols)
      throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
    return new RawEndpoint(
        listen(InetAddress.getLoopbackAddress()), answer, false, Layer.tls(tls, protocols));
  }

  /** One that chooses this protocol in TLS, whatever it speaks. */
  static RawEndpoint choosing(String protocol, X509Bundle certificate, Answer answer)
      throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
    Layer layer = Layer.tls(tls, "TLSv1.3");
    return new RawEndpoint(
        listen(InetAddress.getLoopbackAddress()),
        answer,
        false,
        tcp -> {
          SSLSocket socket = (SSLSocket) layer.over(tcp);
          SSLParameters parameters = socket.getSSLParameters();
          parameters.setApplicationProtocols(new String[] {protocol});
          socket.setSSLParameters(parameters);
          return socket;
        });
  }

  /** One that asks for a client certificate, and may require it. */
  static RawEndpoint asking(
      X509Bundle certificate, Answer answer, String protocol, boolean required) throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(
        certificate.toKeyManagerFactory().getKeyManagers(),
        certificate.toTrustManagerFactory().getTrustManagers(),
        null);
    Layer layer = Layer.tls(tls, protocol);
    return new RawEndpoint(
        listen(InetAddress.getLoopbackAddress()),
        answer,
        false,
        tcp -> {
          SSLSocket socket = (SSLSocket) layer.over(tcp);
          if (required) {
            socket.setNeedClientAuth(true);
          } else {
            socket.setWantClientAuth(true);
          }
          return socket;
        });
  }

  /** The same, on IPv6's loopback. */
  static RawEndpoint tlsV6(X509Bundle certificate, Answer answer) throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
    return new RawEndpoint(
        listen(InetAddress.ofLiteral("::1")), answer, false, Layer.tls(tls, "TLSv1.3"));
  }

  /** The same at a given address of the loopback. */
  static RawEndpoint tlsAt(InetSocketAddress address, X509Bundle certificate, Answer answer)
      throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
    ServerSocket socket = new ServerSocket();
    socket.bind(address);
    return new RawEndpoint(socket, answer, false, Layer.tls(tls, "TLSv1.3"));
  }

  private static ServerSocket listen(InetAddress address) throws IOException {
    return new ServerSocket(0, 100, address);
  }

  /** What lies between TCP and what is said. */
  private interface Layer {
    Socket over(Socket connection) throws IOException;

    static Layer tls(SSLContext tls, String... protocols) {
      return connection -> {
        SSLSocket socket =
            (SSLSocket)
                tls.getSocketFactory().createSocket(connection, null, connection.getPort(), true);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(protocols);
        return socket;
      };
    }
  }

  /** An answer that is no answer: the connection is cut on the level of TCP. */
  static Answer reset() {
    return _ -> {
      throw new CutException();
    };
  }

  private static final class CutException extends IOException {
    private static final long serialVersionUID = 1;
  }

  static RawEndpoint plain(Answer answer) throws IOException {
    return new RawEndpoint(listen(InetAddress.getLoopbackAddress()), answer, false, tcp -> tcp);
  }

  /** Speaks before it is spoken to, and without TLS. */
  static RawEndpoint greeting(String text) throws IOException {
    return new RawEndpoint(listen(InetAddress.getLoopbackAddress()), text(text), true, tcp -> tcp);
  }

  public static Answer text(String answer) {
    return out -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void acceptAll() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(connection));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(Socket tcp) {
    try (tcp;
        Socket connection = layer.over(tcp)) {
      serve(tcp, connection);
    } catch (IOException | InterruptedException _) {
      // The client has had enough, or the test is over.
    }
  }

  private void serve(Socket tcp, Socket connection) throws IOException, InterruptedException {
    try {
      if (greets) {
        answer.write(connection.getOutputStream());
      }
      for (String request = read(connection.getInputStream());
          !request.isEmpty();
          request = read(connection.getInputStream())) {
        requests.add(request);
        answer.write(connection.getOutputStream());
        connection.getOutputStream().flush();
      }
    } catch (CutException _) {
      tcp.setSoLinger(true, 0);
      tcp.close();
    }
  }

  /** A request with its body; empty at the end of the connection. */
  private static String read(InputStream in) throws IOException {
    StringBuilder request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      request.append((char) next);
    }
    Matcher length = LENGTH.matcher(request);
    int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
    return request + new String(in.readNBytes(body), StandardCharsets.UTF_8);
  }

  int connections() {
    return connections.get();
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** Requests as they came, oldest first. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }
}
