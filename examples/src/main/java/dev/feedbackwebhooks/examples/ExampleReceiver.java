package dev.feedbackwebhooks.examples;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Does what a customer's endpoint does: verifies the token, recognizes what it has seen before by
 * webhook-id, answers 2xx.
 */
@Command(
    name = "receiver",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Receives POSTs over TLS, verifies their tokens, and prints what arrives.")
final class ExampleReceiver implements Callable<Integer> {
  private static final String BEARER = "Bearer ";

  @Option(names = "--port", description = "Where to listen on 127.0.0.1.")
  private int port = 8443;

  @Option(names = "--directory", description = "Where the self-signed certificate is kept.")
  private Path directory = Path.of("data", "example");

  /** What was seen before. A real receiver keeps this on disk, for some days. */
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  @Override
  public Integer call() throws IOException, GeneralSecurityException, InterruptedException {
    ReceiverCertificate certificate = ReceiverCertificate.in(directory);
    HttpsServer server = start(certificate);
    System.out.println("listening at https://127.0.0.1:" + server.getAddress().getPort());
    System.out.println("certificate in " + certificate.pem());
    new CountDownLatch(1).await();
    return 0;
  }

  HttpsServer start(ReceiverCertificate certificate) throws IOException, GeneralSecurityException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.tls()));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::receive);
    server.start();
    return server;
  }

  /** For a test. */
  ExampleReceiver at(int freePort) {
    port = freePort;
    return this;
  }

  private void receive(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String id = exchange.getRequestHeaders().getFirst("webhook-id");
    if (!isGood(exchange.getRequestHeaders().getFirst("authorization"))) {
      System.out.println("refused   " + id + ": no valid token");
      exchange.sendResponseHeaders(401, -1);
    } else {
      boolean fresh = id != null && seen.add(id);
      System.out.println(
          (fresh ? "received  " : "again     ")
              + id
              + " attempt "
              + exchange.getRequestHeaders().getFirst("webhook-attempt")
              + " "
              + body);
      exchange.sendResponseHeaders(204, -1);
    }
    exchange.close();
  }

  private static boolean isGood(@Nullable String authorization) {
    if (authorization == null || !authorization.startsWith(BEARER)) {
      return false;
    }
    try {
      SignedJWT token = SignedJWT.parse(authorization.substring(BEARER.length()));
      return token.verify(new MACVerifier(Main.DEMO_SECRET))
          && token.getJWTClaimsSet().getExpirationTime().toInstant().isAfter(Instant.now());
    } catch (ParseException | JOSEException _) {
      return false;
    }
  }
}
