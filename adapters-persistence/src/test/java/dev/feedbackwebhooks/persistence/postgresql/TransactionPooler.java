package dev.feedbackwebhooks.persistence.postgresql;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a PostgreSQL as PgBouncer does in transaction mode: it has two sessions for all who
 * connect, and gives each transaction the one that has been free the longest, or the shortest time.
 */
final class TransactionPooler implements AutoCloseable {
  private static final int SSL = 80_877_103;
  private static final int GSS = 80_877_104;

  private final ServerSocket listening;
  private final int server;
  private final boolean inTurn;
  private final BlockingDeque<Session> free = new LinkedBlockingDeque<>();

  private TransactionPooler(ServerSocket listening, int server, boolean inTurn) {
    this.listening = listening;
    this.server = server;
    this.inTurn = inTurn;
  }

  /**
   * @param inTurn which of two free sessions is given
   */
  static TransactionPooler before(int server, boolean inTurn) throws IOException {
    ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    TransactionPooler pooler = new TransactionPooler(listening, server, inTurn);
    Thread.startVirtualThread(pooler::accept);
    return pooler;
  }

  int port() {
    return listening.getLocalPort();
  }

  private record Session(Socket socket, DataInputStream in, DataOutputStream out) {
    static Session on(Socket socket) throws IOException {
      return new Session(
          socket,
          new DataInputStream(socket.getInputStream()),
          new DataOutputStream(socket.getOutputStream()));
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Message(int type, byte[] body) {
    static Message read(DataInputStream in) throws IOException {
      int type = in.readUnsignedByte();
      byte[] body = new byte[in.readInt() - 4];
      in.readFully(body);
      return new Message(type, body);
    }

    void write(DataOutputStream out) throws IOException {
      out.writeByte(type);
      out.writeInt(body.length + 4);
      out.write(body);
    }

    /** Whether a server is done, outside of a transaction. */
    boolean isIdle() {
      return type == 'Z' && body[0] == 'I';
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Thread.startVirtualThread(() -> serve(client));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Session client = Session.on(socket);
      byte[] startup = startup(client);
      // As PgBouncer does, what a session says at its start is said to each client.
      begin(startup, client.out());
      if (free.size() < 2) {
        free.add(begin(startup, null));
      }
      while (true) {
        transaction(client, Message.read(client.in()));
      }
    } catch (EOFException _) {
      // gone
    } catch (IOException | InterruptedException e) {
      // the test ends
    }
  }

  private static byte[] startup(Session client) throws IOException {
    while (true) {
      byte[] body = new byte[client.in().readInt() - 4];
      client.in().readFully(body);
      int code = java.nio.ByteBuffer.wrap(body).getInt();
      if (code != SSL && code != GSS) {
        return body;
      }
      client.out().writeByte('N');
    }
  }

  /** A session of the server's, up to where it is ready. */
  private Session begin(byte[] startup, @Nullable DataOutputStream heard) throws IOException {
    Session session = Session.on(new Socket(InetAddress.getLoopbackAddress(), server));
    session.out().writeInt(startup.length + 4);
    session.out().write(startup);
    Message said;
    do {
      said = Message.read(session.in());
      if (heard != null) {
        said.write(heard);
      }
    } while (said.type() != 'Z');
    if (heard != null) {
      session.socket().close();
    }
    return session;
  }

  private void transaction(Session client, Message first) throws IOException, InterruptedException {
    if (first.type() == 'X') {
      throw new EOFException();
    }
    Session session = inTurn ? free.takeFirst() : free.takeLast();
    Message asked = first;
    boolean over = false;
    while (!over) {
      asked.write(session.out());
      if (asked.type() == 'S' || asked.type() == 'Q') {
        over = answer(session, client);
      }
      if (!over) {
        asked = Message.read(client.in());
      }
    }
    free.addLast(session);
  }

  private static boolean answer(Session session, Session client) throws IOException {
    Message said;
    do {
      said = Message.read(session.in());
      said.write(client.out());
    } while (said.type() != 'Z');
    return said.isIdle();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Session session : free) {
      session.socket().close();
    }
  }
}
