package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What anybody who reaches the operators' port can take of the process. */
@NullUnmarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorsPortJourneyTest {
  private static final String REQUEST = "GET /healthz HTTP/1.1\r\nhost: a\r\n";
  private static final int MOST_CONNECTIONS = 128;

  private Endpoint endpoint;
  private RunningServer server;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    endpoint = Endpoint.start(directory);
    server = RunningServer.start(directory, endpoint);
  }

  @AfterAll
  void end() {
    server.close();
    endpoint.close();
  }

  private Socket connect() throws IOException {
    URI at = URI.create(server.ops());
    Socket socket = new Socket(at.getHost(), at.getPort());
    socket.setSoTimeout((int) Patience.LIMIT.toMillis());
    return socket;
  }

  /** What comes back, to the end of the connection. */
  private static String answer(Socket socket) {
    StringBuilder all = new StringBuilder();
    try {
      InputStream in = socket.getInputStream();
      for (int next = in.read(); next >= 0; next = in.read()) {
        all.append((char) next);
      }
    } catch (IOException _) {
      // It was ended with something unread: what came before counts.
    }
    return all.toString();
  }

  private String ask(String text) throws IOException {
    try (Socket socket = connect()) {
      send(socket, text);
      return answer(socket);
    }
  }

  private static void send(Socket socket, String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException _) {
      // It was ended meanwhile.
    }
  }

  private void assertServes() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String path : List.of("/readyz", "/metrics")) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.ops() + path)).build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
            .isEqualTo(200);
      }
    }
    assertThat(server.log()).doesNotContain("OutOfMemory", "\"WARN\"", "\"ERROR\"");
  }

  @Test
  void headsThatDoNotEndTakeBoundedMemoryAndLockNobodyOut() throws Exception {
    String unfinished = REQUEST + ("x-" + "a".repeat(1_000) + ": b\r\n").repeat(370);
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 1_500; i++) {
        Socket socket = connect();
        open.add(socket);
        send(socket, unfinished);
      }
      assertServes();
    } finally {
      for (Socket each : open) {
        each.close();
      }
    }
  }

  @Test
  void whoSaysNothingMakesRoomForOthersAndIsCutOffAfterAWhile() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < MOST_CONNECTIONS + 1; i++) {
        open.add(connect());
      }
      assertThat(answer(open.getFirst())).as("the oldest makes room").isEmpty();
      assertServes();
      Socket slow = open.getLast();
      send(slow, "GET /healthz HT");
      assertThat(answer(slow)).as("it has ten seconds").isEmpty();
    } finally {
      for (Socket each : open) {
        each.close();
      }
    }
  }

  @Test
  void aRequestIsAnsweredByItsMethodAndItsPath() throws Exception {
    assertThat(ask(REQUEST + "\r\n")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok\n");
    assertThat(ask(REQUEST.replace("GET", "HEAD") + "\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("content-length: 3\r\n")
        .endsWith("\r\n\r\n");
    assertThat(ask(REQUEST.replace("GET", "POST") + "content-length: 3\r\n\r\nabc"))
        .startsWith("HTTP/1.1 405 ")
        .contains("allow: GET, HEAD\r\n");
    assertThat(ask(REQUEST.replace("/healthz", "/healthz/") + "\r\n")).startsWith("HTTP/1.1 404 ");
    assertThat(ask(REQUEST.replace("/healthz", "/%zz") + "\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(ask("\u0016\u0003\u0001 no HTTP\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(ask(REQUEST.replace("/healthz", "/" + "a".repeat(5_000)) + "\r\n"))
        .startsWith("HTTP/1.1 414 ");
    assertThat(ask(REQUEST + "a: " + "b".repeat(9_000) + "\r\n\r\n")).startsWith("HTTP/1.1 431 ");
    assertServes();
  }
}
