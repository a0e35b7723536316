package dev.feedbackwebhooks.app.journey;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An HTTP/2 client that says what it is told, right or wrong, frame by frame. */
final class RawClient implements Closeable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;

  static final int ENHANCE_YOUR_CALM = 11;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  /** A frame; {@code type} is -1 for the end of the connection. */
  record Frame(int type, int flags, int stream, ByteString payload) {
    /** The error of RST_STREAM or GOAWAY. */
    int error() {
      int at = type == GOAWAY ? 4 : 0;
      return ((payload.byteAt(at + 2) & 0xff) << 8) | (payload.byteAt(at + 3) & 0xff);
    }
  }

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = new DataOutputStream(socket.getOutputStream());
  }

  /** Connects, and says nothing. */
  static RawClient silent(RunningServer server) throws IOException {
    int colon = server.grpc().lastIndexOf(':');
    Socket socket =
        new Socket(
            server.grpc().substring(0, colon),
            Integer.parseInt(server.grpc().substring(colon + 1)));
    socket.setSoTimeout((int) Patience.LIMIT.toMillis());
    return new RawClient(socket);
  }

  static RawClient greeting(RunningServer server) throws IOException {
    RawClient client = silent(server);
    client.out.write(PREFACE);
    client.send(SETTINGS, 0, 0, new byte[0]);
    return client;
  }

  /** What the server closes meanwhile is no error here: {@link #read} tells. */
  void send(int type, int flags, int stream, byte[] payload) {
    try {
      out.writeByte(payload.length >> 16);
      out.writeShort(payload.length);
      out.writeByte(type);
      out.writeByte(flags);
      out.writeInt(stream);
      out.write(payload);
      out.flush();
    } catch (IOException _) {
      // read() finds the end
    }
  }

  void begin(int stream, String path, Map<String, String> more) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, ":method", "POST");
    literal(block, ":scheme", "http");
    literal(block, ":path", path);
    literal(block, ":authority", "test");
    literal(block, "content-type", "application/grpc");
    literal(block, "te", "trailers");
    for (Map.Entry<String, String> header : more.entrySet()) {
      literal(block, header.getKey(), header.getValue());
    }
    send(HEADERS, 4, stream, block.toByteArray());
  }

  private static void literal(ByteArrayOutputStream block, String name, String value)
      throws IOException {
    block.write(0);
    text(block, name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) throws IOException {
    int length = text.length();
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      int rest = length - 127;
      while (rest >= 128) {
        block.write(rest % 128 + 128);
        rest /= 128;
      }
      block.write(rest);
    }
    block.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  Frame read() throws IOException {
    try {
      int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      ByteString payload = ByteString.copyFrom(in.readNBytes(length));
      if (type == SETTINGS && flags == 0) {
        send(SETTINGS, 1, 0, new byte[0]);
      }
      return new Frame(type, flags, stream, payload);
    } catch (EOFException | SocketException _) {
      return new Frame(-1, 0, 0, ByteString.EMPTY);
    }
  }

  /** Whether something came that was not read. */
  boolean hasNews() throws IOException {
    return in.available() > 0;
  }

  /** Reads until a frame of this type, or the end of the connection. */
  Frame await(int type) throws IOException {
    Frame frame = read();
    while (frame.type() != type && frame.type() != -1) {
      frame = read();
    }
    return frame;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
