package dev.feedbackwebhooks.app.journey;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A customer's TLS endpoint that writes down what it gets. */
final class Endpoint implements AutoCloseable {
  /** A name that its certificate has besides its address. */
  static final String NAME = "hooks.example.com";

  private final SSLContext tls;
  private HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Path caFile;
  private final ConcurrentLinkedQueue<Received> received = new ConcurrentLinkedQueue<>();
  private volatile boolean echoing;
  private volatile Function<Received, Integer> answer = _ -> 204;

  /** A POST as it came in. */
  record Received(
      String path,
      String webhookId,
      int attempt,
      long timestamp,
      @Nullable String authorization,
      @Nullable String contentType,
      @Nullable String tenant,
      Map<String, List<String>> headers,
      String body,
      long nanos) {}

  private Endpoint(SSLContext tls, Path caFile) throws IOException {
    this.tls = tls;
    this.caFile = caFile;
    this.server = listen(0);
  }

  /** All that a JVM starts have the same certificate, so that a server may trust all of them. */
  static Endpoint start(Path directory) throws Exception {
    return start(directory, Identity.SHARED);
  }

  /** One with a certificate of its own. */
  static Endpoint stranger(Path directory) throws Exception {
    return start(directory, Identity.create());
  }

  private static Endpoint start(Path directory, Identity identity) throws Exception {
    Path ca = Files.createTempFile(directory, "ca", ".pem");
    Files.writeString(ca, identity.certificate().getCertificatePathPEM());
    return new Endpoint(identity.tls(), ca);
  }

  private record Identity(X509Bundle certificate, SSLContext tls) {
    static final Identity SHARED = create();

    static Identity create() {
      X509Bundle certificate = selfSigned();
      return new Identity(certificate, context(certificate));
    }

    private static X509Bundle selfSigned() {
      try {
        return new CertificateBuilder()
            .subject("CN=endpoint")
            .addSanIpAddress("127.0.0.1")
            .addSanDnsName(NAME)
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private static SSLContext context(X509Bundle certificate) {
      try {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
        return tls;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private HttpsServer listen(int port) throws IOException {
    HttpsServer listening =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
    listening.setHttpsConfigurator(new HttpsConfigurator(tls));
    listening.setExecutor(threads);
    listening.createContext("/", this::handle);
    listening.start();
    return listening;
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
    Received post =
        new Received(
            exchange.getRequestURI().toString(),
            header(exchange, "webhook-id", ""),
            Integer.parseInt(header(exchange, "webhook-attempt", "0")),
            Long.parseLong(header(exchange, "webhook-timestamp", "0")),
            exchange.getRequestHeaders().getFirst("authorization"),
            exchange.getRequestHeaders().getFirst("content-type"),
            exchange.getRequestHeaders().getFirst("x-tenant"),
            headers(exchange),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
            System.nanoTime());
    // Chosen before the test sees the POST, and may choose another answer for the next.
    Function<Received, Integer> chosen = answer;
    received.add(post);
    int status = chosen.apply(post);
    if (echoing) {
      echo(exchange, status);
    } else {
      exchange.sendResponseHeaders(status, -1);
    }
    exchange.close();
  }

  /**
   * Says the request's headers back: as headers, as where to go to, and as the body, in other forms
   * first.
   */
  private static void echo(HttpExchange exchange, int status) throws IOException {
    String all = exchange.getRequestHeaders().entrySet().toString();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> {
          if (!name.equalsIgnoreCase("content-length")) {
            exchange.getResponseHeaders().put("echo-" + name, values);
            exchange.getResponseHeaders().put("retry-after", values);
            exchange.getResponseHeaders().put("www-authenticate", values);
          }
        });
    exchange.getResponseHeaders().set("location", "https://127.0.0.1/" + all);
    byte[] body = (forms(exchange) + all).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static String forms(HttpExchange exchange) {
    return Stream.of("x-tenant", "authorization")
        .map(exchange.getRequestHeaders()::getFirst)
        .filter(Objects::nonNull)
        // Not of a token, which would fill all that is kept.
        .filter(value -> value.length() < 100)
        .map(value ->
            String.join(
                "\n",
                value.replace("/", "\\/").replace("=", "\\u003d"),
                URLEncoder.encode(value, StandardCharsets.UTF_8),
                Base64.getEncoder()
                    .encodeToString(("secret:" + value).getBytes(StandardCharsets.UTF_8)),
                HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)),
                ""))
        .collect(Collectors.joining());
  }

  /** By names in lower case. */
  private static Map<String, List<String>> headers(HttpExchange exchange) {
    return exchange.getRequestHeaders().entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                each -> each.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
  }

  private static String header(HttpExchange exchange, String name, String otherwise) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? otherwise : value;
  }

  /** From now on answers with this status. */
  void answers(int status) {
    answer = _ -> status;
  }

  /** From now on decides by the POST; runs on a thread that may wait. */
  void answers(Function<Received, Integer> decision) {
    answer = decision;
  }

  /** From now on says back what it was sent. */
  void echoes() {
    echoing = true;
  }

  /** Another endpoint with the same certificate. */
  Mirror mirror() throws IOException {
    return new Mirror(tls);
  }

  /** An endpoint with the same certificate that misbehaves. */
  HostileEndpoint hostile(String protocol, HostileEndpoint.Behaviour behaviour) throws IOException {
    return new HostileEndpoint(tls, protocol, behaviour);
  }

  String url(String path) {
    return "https://127.0.0.1:" + port() + path;
  }

  String namedUrl(String path) {
    return "https://" + NAME + ":" + port() + path;
  }

  int port() {
    return server.getAddress().getPort();
  }

  Path caFile() {
    return caFile;
  }

  Set<String> webhookIds() {
    return received.stream().map(Received::webhookId).collect(Collectors.toSet());
  }

  List<Received> received() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
