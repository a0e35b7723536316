package dev.feedbackwebhooks.domain.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A name server (RFC 1035, over UDP) on the loopback, which gives every name the same addresses, or
 * others each time it is asked. Its answers may not be kept.
 */
public final class NameServer implements AutoCloseable {
  private static final int A = 1;
  private static final int AAAA = 28;
  private static final int HEAD = 12;

  private final DatagramSocket socket;
  private final List<List<InetAddress>> inTurn;

  private final List<DatagramPacket> held = new ArrayList<>();
  private volatile boolean holdsV6;

  /** How often each kind of address was asked for. */
  private final Map<Integer, Integer> questions = new ConcurrentHashMap<>();

  private NameServer(DatagramSocket socket, List<List<InetAddress>> inTurn) {
    this.socket = socket;
    this.inTurn = inTurn;
    var _ = Thread.ofVirtual().start(this::serve);
  }

  /**
   * @param answers addresses with spaces between: for the first question, the second …; the last
   *     ones stay
   */
  public static NameServer start(String... answers) throws IOException {
    return new NameServer(
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        Arrays.stream(answers)
            .map(line -> Arrays.stream(line.split(" ", -1)).map(InetAddress::ofLiteral).toList())
            .toList());
  }

  /** Leaves questions for IPv6 addresses unanswered until {@link #answerV6}. */
  public NameServer holdingV6() {
    holdsV6 = true;
    return this;
  }

  /** Answers those that came meanwhile, and all that come from now on. */
  public void answerV6() throws IOException {
    synchronized (held) {
      holdsV6 = false;
      for (DatagramPacket answer : held) {
        socket.send(answer);
      }
      held.clear();
    }
  }

  /** How often it was asked for IPv6 addresses. */
  public int questionsForV6() {
    return questions.getOrDefault(AAAA, 0);
  }

  /** As settings write it. */
  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** How often it was asked for IPv4 addresses. */
  public int questions() {
    return questions.getOrDefault(A, 0);
  }

  private void serve() {
    DatagramPacket packet = new DatagramPacket(new byte[1_500], 1_500);
    while (!socket.isClosed()) {
      try {
        packet.setLength(1_500);
        socket.receive(packet);
        byte[] answer = answer(packet.getData());
        send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void send(DatagramPacket answer) throws IOException {
    synchronized (held) {
      if (holdsV6 && type(ByteBuffer.wrap(answer.getData())) == AAAA) {
        held.add(answer);
      } else {
        socket.send(answer);
      }
    }
  }

  private static int type(ByteBuffer message) {
    return message.getShort(endOfName(message) + 1);
  }

  private static int endOfName(ByteBuffer message) {
    int end = HEAD;
    while (message.get(end) != 0) {
      end += message.get(end) + 1;
    }
    return end;
  }

  private byte[] answer(byte[] message) throws IOException {
    ByteBuffer question = ByteBuffer.wrap(message);
    int end = endOfName(question);
    int type = type(question);
    int nth = questions.merge(type, 1, Integer::sum);
    List<InetAddress> found =
        inTurn.get(Math.min(nth, inTurn.size()) - 1).stream()
            .filter(address -> address.getAddress().length == (type == A ? 4 : 16))
            .filter(_ -> type == A || type == AAAA)
            .toList();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(question.getShort(0));
    // An answer without an error; one question, and as many records as there are addresses.
    out.writeShort(0x8180);
    out.writeShort(1);
    out.writeShort(found.size());
    out.writeInt(0);
    out.write(message, HEAD, end + 5 - HEAD);
    for (InetAddress address : found) {
      record(out, type, address.getAddress());
    }
    return bytes.toByteArray();
  }

  private static void record(DataOutputStream out, int type, byte[] address) throws IOException {
    // Of the name that stands behind the head.
    out.writeShort(0xc000 | HEAD);
    out.writeShort(type);
    out.writeShort(1);
    out.writeInt(0);
    out.writeShort(address.length);
    out.write(address);
  }

  @Override
  public void close() {
    socket.close();
  }
}
