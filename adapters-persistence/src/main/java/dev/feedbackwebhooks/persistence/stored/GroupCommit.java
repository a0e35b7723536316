package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.delivery.StoreListener;
import dev.feedbackwebhooks.domain.fault.Failures;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes in groups: whatever waits while one commit reaches the disk shares the next. Work that
 * fails spoils nothing for the others of its group, which then runs again by halves. A connection
 * that was lost fails all of a group, unless it was lost before the commit: then a new one is
 * tried.
 */
public final class GroupCommit {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

  /** How often the same is tried when others that write are in its way. */
  private static final int TRIES = 5;

  /** Pieces of work in one commit at most. */
  private static final int GROUP = 512;

  /** Bytes that may wait before new deliveries are refused. */
  private static final long MOST_WAITING_BYTES = 64L << 20;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** Somebody has to do something first. */
  private static final Duration RETRY_DAMAGED = Duration.ofMinutes(1);

  /** Something to write. Runs again after a rollback, so it must change the database only. */
  public interface Work<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  private record Command<T extends @Nullable Object>(
      Work<T> work, long bytes, boolean recorded, CompletableFuture<T> answer) {}

  /** The database as its writer has it. On the writer's thread, like all work. */
  public interface Session {
    /**
     * Begins a transaction, which reads the newest state.
     *
     * @throws SQLException if nothing at all can be written now
     */
    Connection begin() throws SQLException;

    /** A number that is greater after something was written. */
    long written(Connection connection) throws SQLException;

    /** Undoes the transaction, if there is one. */
    void rollback();

    FailureKind kind(SQLException refused);

    /** Something could not be written, for this reason. */
    void hear(SQLException refused);

    /** Whether nothing may be written any more. */
    boolean isDamaged();
  }

  /** Hears how each transaction ends. On the writer's thread, like all work. */
  public interface Transactions {
    /**
     * Comes first in a transaction whose work goes on record, and in no other: of those there is
     * one at a time, whoever writes. What one of them finds stays so until it commits.
     */
    void beforeRecords(Connection connection) throws SQLException;

    /** Writes what the transaction has gathered. */
    void beforeCommit(Connection connection) throws SQLException;

    void committed();

    /** A commit failed, and may have stood all the same. Comes before {@link #rolledBack}. */
    default void inDoubt() {}

    /** Forgets what was learned from work that was undone. */
    void rolledBack();
  }

  /** What a piece of work came to: an answer to give once it is durable. */
  private interface Done {
    void tell();
  }

  private final Session session;
  private final Executor writer;
  private final Transactions transactions;
  private final StoreListener listener;
  private final ConcurrentLinkedQueue<Command<?>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicLong commits = new AtomicLong();

  /** Whether the last write failed; the writer's own, as is the next. */
  private boolean failing;

  private boolean closed;

  /**
   * @param writer runs tasks one after the other; nothing else uses the session
   */
  public GroupCommit(
      Session session, Executor writer, Transactions transactions, StoreListener listener) {
    this.session = session;
    this.writer = writer;
    this.transactions = transactions;
    this.listener = listener;
  }

  /** Commits so far. */
  public long commits() {
    return commits.get();
  }

  /** Work that makes room, or that must be done: never refused. */
  public <T extends @Nullable Object> CompletableFuture<T> submit(Work<T> work) {
    return submit(work, 0, false);
  }

  /** Waits for what was submitted; what comes later is refused. */
  public void close() {
    var _ = submit(_ -> true).handle((_, _) -> true).join();
    CompletableFuture.runAsync(() -> closed = true, writer).join();
  }

  /**
   * As {@link #submit}, and waits until it is durable.
   *
   * @throws Fault if it could not be written
   */
  public <T> T await(Work<T> work) {
    return joined(submit(work));
  }

  /**
   * The same for work that writes an audit record, with all that it checks and changes. It shares
   * commits with its like only: one of deliveries takes longer, and the next that goes on record,
   * of any node, would wait for it.
   */
  public <T> T awaitRecorded(Work<T> work) {
    return joined(submit(work, 0, true));
  }

  private static <T> T joined(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw Failures.thrown(e);
    }
  }

  /** Work that brings something new; refused while too much waits. */
  public <T> CompletableFuture<T> submitNew(Work<T> work, long bytes) {
    if (waitingBytes.get() > MOST_WAITING_BYTES) {
      return CompletableFuture.failedFuture(
          new Fault.Unavailable(
              Reason.OVERLOADED, "more waits to be stored than fits: send slower", RETRY_AFTER));
    }
    return submit(work, bytes, false);
  }

  private <T extends @Nullable Object> CompletableFuture<T> submit(
      Work<T> work, long bytes, boolean recorded) {
    Command<T> command = new Command<>(work, bytes, recorded, new CompletableFuture<>());
    waitingBytes.addAndGet(bytes);
    waiting.add(command);
    schedule();
    return command.answer();
  }

  private void schedule() {
    if (!waiting.isEmpty() && scheduled.compareAndSet(false, true)) {
      writer.execute(this::writeGroup);
    }
  }

  private void writeGroup() {
    List<Command<?>> group = new ArrayList<>();
    try {
      while (group.size() < GROUP && !waiting.isEmpty() && alike(group, waiting.element())) {
        Command<?> command = waiting.remove();
        waitingBytes.addAndGet(-command.bytes());
        group.add(command);
      }
      write(group);
    } finally {
      scheduled.set(false);
      schedule();
    }
  }

  private static boolean alike(List<Command<?>> group, Command<?> next) {
    return group.isEmpty() || group.getFirst().recorded() == next.recorded();
  }

  private void write(List<Command<?>> group) {
    if (session.isDamaged() || closed) {
      refuse(group, closed ? closing() : damaged());
    } else {
      write(group, TRIES);
    }
  }

  private void write(List<Command<?>> group, int triesLeft) {
    Connection connection;
    try {
      connection = session.begin();
    } catch (SQLException | RuntimeException | Error failure) {
      // Whatever it is, it is no fault of one of them.
      undo();
      refuse(group, asFault(failure));
      return;
    }
    write(group, connection, triesLeft);
  }

  private void write(List<Command<?>> group, Connection connection, int triesLeft) {
    long begunAt = System.nanoTime();
    List<Done> done = new ArrayList<>(group.size());
    boolean wrote;
    boolean committing = false;
    try {
      long before = written(connection);
      if (group.getFirst().recorded()) {
        transactions.beforeRecords(connection);
      }
      for (Command<?> command : group) {
        done.add(run(command, connection));
      }
      transactions.beforeCommit(connection);
      wrote = written(connection) > before;
      committing = true;
      connection.commit();
    } catch (SQLException | RuntimeException | Error failure) {
      if (committing) {
        transactions.inDoubt();
      }
      undo();
      failed(group, failure, isLost(connection), committing, triesLeft);
      return;
    }
    try {
      committed(group.size(), wrote, Duration.ofNanos(System.nanoTime() - begunAt));
    } finally {
      done.forEach(Done::tell);
    }
  }

  /** One of a group that fails for what it says is found by halves: the others are written. */
  private void failed(
      List<Command<?>> group, Throwable failure, boolean lost, boolean inDoubt, int triesLeft) {
    boolean again =
        lost
            ? triesLeft == TRIES && !inDoubt
            : triesLeft > 1 && kind(failure) == FailureKind.IN_THE_WAY;
    if (again) {
      write(group, triesLeft - 1);
    } else if (lost || group.size() == 1) {
      refuse(group, asFault(failure));
    } else {
      write(group.subList(0, group.size() / 2));
      write(group.subList(group.size() / 2, group.size()));
    }
  }

  private static void refuse(List<Command<?>> group, Throwable refusal) {
    group.forEach(command -> command.answer().completeExceptionally(refusal));
  }

  private static boolean isLost(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException _) {
      return true;
    }
  }

  private @Nullable FailureKind kind(Throwable failure) {
    return failure instanceof SQLException told ? session.kind(told) : null;
  }

  private void committed(int works, boolean wrote, Duration took) {
    commits.incrementAndGet();
    transactions.committed();
    listener.committed(works, took);
    if (failing && wrote) {
      failing = false;
      listener.recovered();
      log.info("the store can write again");
    }
  }

  /** Asked for while writes fail only: a commit of nothing succeeds on a full disk as well. */
  private long written(Connection connection) throws SQLException {
    return failing ? session.written(connection) : 0;
  }

  private static <T extends @Nullable Object> Done run(Command<T> command, Connection connection)
      throws SQLException {
    T answer = command.work().run(connection);
    return () -> command.answer().complete(answer);
  }

  private void undo() {
    session.rollback();
    transactions.rolledBack();
  }

  private Throwable asFault(Throwable failure) {
    if (failure instanceof SQLException refused) {
      session.hear(refused);
    } else if (!(failure instanceof StoreException)) {
      return failure;
    }
    FailureKind kind = kind(failure);
    return switch (kind) {
      case REFUSED, FAULTY ->
          new RefusedException((SQLException) failure, kind == FailureKind.REFUSED);
      case IN_THE_WAY -> FailureKind.notWritten();
      case AWAY, BROKEN -> cannotWrite(failure);
      case null -> cannotWrite(failure);
    };
  }

  /** Said once, not for each of the thousands of writes that fail while a disk is full. */
  private Fault cannotWrite(Throwable failure) {
    if (!failing) {
      failing = true;
      log.atError().addKeyValue("cause", failure.getMessage()).log("the store cannot write");
      listener.failing(String.valueOf(failure.getMessage()));
    }
    return FailureKind.notWritten();
  }

  private static Fault closing() {
    return new Fault.Unavailable(
        Reason.STORE_UNAVAILABLE, "the server is stopping: try again", RETRY_AFTER);
  }

  private static Fault damaged() {
    return new Fault.Unavailable(
        Reason.STORE_UNAVAILABLE,
        "the store is damaged and takes nothing more: whoever operates it must restore it",
        RETRY_DAMAGED);
  }
}
