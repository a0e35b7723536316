package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.StoreListener;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
 * fails spoils nothing for the others of its group, which then run again one by one.
 */
final class GroupCommit {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

  /** Pieces of work in one commit at most. */
  private static final int GROUP = 512;

  /** Bytes that may wait before new deliveries are refused. */
  private static final long MOST_WAITING_BYTES = 64L << 20;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** Somebody has to do something first. */
  private static final Duration RETRY_DAMAGED = Duration.ofMinutes(1);

  /** Something to write. Runs again after a rollback, so it must change the database only. */
  interface Work<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  private record Command<T extends @Nullable Object>(
      Work<T> work, long bytes, CompletableFuture<T> answer) {}

  /** Hears how each transaction ends. On the writer's thread, like all work. */
  interface Transactions {
    /** Writes what the transaction has gathered. */
    void beforeCommit(Connection connection) throws SQLException;

    void committed();

    /** Forgets what was learned from work that was undone. */
    void rolledBack();
  }

  /** What a piece of work came to: an answer to give once it is durable. */
  private interface Done {
    void tell();
  }

  private final Connection connection;
  private final Executor writer;
  private final Transactions transactions;
  private final Damage damage;
  private final StoreListener listener;
  private final ConcurrentLinkedQueue<Command<?>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicLong commits = new AtomicLong();

  /** Whether the last write failed; the writer's own, as is the next. */
  private boolean failing;

  private boolean closed;

  /**
   * @param writer runs tasks one after the other; nothing else uses the connection
   */
  GroupCommit(
      Connection connection,
      Executor writer,
      Transactions transactions,
      Damage damage,
      StoreListener listener) {
    this.damage = damage;
    this.connection = connection;
    this.writer = writer;
    this.transactions = transactions;
    this.listener = listener;
  }

  /** Commits so far. */
  long commits() {
    return commits.get();
  }

  /** Work that makes room, or that must be done: never refused. */
  <T extends @Nullable Object> CompletableFuture<T> submit(Work<T> work) {
    return submit(work, 0);
  }

  /** Waits for what was submitted; what comes later is refused. */
  void close() {
    var _ = submit(_ -> true).handle((_, _) -> true).join();
    CompletableFuture.runAsync(() -> closed = true, writer).join();
  }

  /**
   * As {@link #submit}, and waits until it is durable.
   *
   * @throws Fault if it could not be written
   */
  <T> T await(Work<T> work) {
    try {
      return submit(work).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Fault fault ? fault : e;
    }
  }

  /** Work that brings something new; refused while too much waits. */
  <T> CompletableFuture<T> submitNew(Work<T> work, long bytes) {
    if (waitingBytes.get() > MOST_WAITING_BYTES) {
      return CompletableFuture.failedFuture(
          new Fault.Unavailable(
              Reason.OVERLOADED, "more waits to be stored than fits: send slower", RETRY_AFTER));
    }
    return submit(work, bytes);
  }

  private <T extends @Nullable Object> CompletableFuture<T> submit(Work<T> work, long bytes) {
    Command<T> command = new Command<>(work, bytes, new CompletableFuture<>());
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
      while (group.size() < GROUP && !waiting.isEmpty()) {
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

  private void write(List<Command<?>> group) {
    if (damage.isFound() || closed) {
      Throwable refusal = closed ? closing() : damaged();
      group.forEach(command -> command.answer().completeExceptionally(refusal));
      return;
    }
    List<Done> done = new ArrayList<>(group.size());
    long begunAt = System.nanoTime();
    boolean wrote;
    try {
      connection.setAutoCommit(false);
      takeWriteLock();
      long before = changes();
      for (Command<?> command : group) {
        done.add(run(command));
      }
      transactions.beforeCommit(connection);
      wrote = changes() > before;
      connection.commit();
    } catch (SQLException | RuntimeException | Error failure) {
      undo();
      if (group.size() == 1) {
        group.getFirst().answer().completeExceptionally(asFault(failure));
      } else {
        group.forEach(command -> write(List.of(command)));
      }
      return;
    }
    try {
      committed(group.size(), wrote, Duration.ofNanos(System.nanoTime() - begunAt));
    } finally {
      done.forEach(Done::tell);
    }
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

  /**
   * Rows that were written so far, asked for while writes fail only: a commit of nothing succeeds
   * on a full disk as well.
   */
  private long changes() throws SQLException {
    if (!failing) {
      return 0;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT total_changes()")) {
      return row.getLong(1);
    }
  }

  /**
   * At once, not at the first row that is written: what is read from here on is the newest state,
   * and secrets are encrypted by a key that is not retired before the commit. Changes nothing.
   */
  private void takeWriteLock() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM secret_key_check WHERE FALSE");
    }
  }

  private <T extends @Nullable Object> Done run(Command<T> command) throws SQLException {
    T answer = command.work().run(connection);
    return () -> command.answer().complete(answer);
  }

  private void undo() {
    try {
      connection.rollback();
    } catch (SQLException _) {
      // SQLite undid it by itself, as it does when the disk is full. The driver does not know, and
      // would run what comes next outside of any transaction.
      begin();
    }
    transactions.rolledBack();
  }

  private void begin() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
    } catch (SQLException e) {
      log.error("the store could not begin a transaction", e);
    }
  }

  private Throwable asFault(Throwable failure) {
    if (failure instanceof SQLException || failure instanceof StoreException) {
      if (failure instanceof SQLException refused) {
        damage.hear(refused);
      }
      // Said once, not for each of the thousands of writes that fail while a disk is full.
      if (!failing) {
        failing = true;
        log.atError().addKeyValue("cause", failure.getMessage()).log("the store cannot write");
        listener.failing(String.valueOf(failure.getMessage()));
      }
      return new Fault.Unavailable(
          Reason.STORE_UNAVAILABLE, "the store cannot write now: try again", RETRY_AFTER);
    }
    return failure;
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
