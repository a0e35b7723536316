package dev.feedbackwebhooks.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the sink has answered so far, asked over one plain connection: it must cost next to nothing.
 */
final class SinkCount implements AutoCloseable {
  private static final byte[] QUESTION =
      "GET / HTTP/1.1\r\nhost: sink\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** The third number after its heading is the count of requests. */
  private static final Pattern REQUESTS =
      Pattern.compile("handled requests\\s+[0-9]+ [0-9]+ ([0-9]+)");

  private final Socket socket;
  private final byte[] answer = new byte[2_048];
  private long questions;

  SinkCount(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
  }

  /** Requests answered, these questions not counted. */
  long read() throws IOException {
    socket.getOutputStream().write(QUESTION);
    questions++;
    InputStream in = socket.getInputStream();
    int length = 0;
    while (true) {
      int read = in.read(answer, length, answer.length - length);
      if (read < 0) {
        throw new IOException("the sink closed the connection");
      }
      length += read;
      String text = new String(answer, 0, length, StandardCharsets.US_ASCII);
      Matcher requests = REQUESTS.matcher(text);
      if (requests.find() && text.contains("Waiting:") && text.endsWith("\n")) {
        return Long.parseLong(requests.group(1)) - questions;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
