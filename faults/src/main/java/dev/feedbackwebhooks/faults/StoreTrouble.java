package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.Endpoint.Manner;
import dev.feedbackwebhooks.faults.Store.PostgresDatabase;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * PostgreSQL is in trouble while hundreds of attempts are answered whose results it is to take, and
 * comes back: all of them are written down soon after, and intake goes on by itself.
 *
 * @param fate what becomes of the server meanwhile
 */
record StoreTrouble(Trouble trouble, Fate fate) implements Fault {
  /** What is the matter with PostgreSQL. */
  enum Trouble {
    /** Stopped in order, and started again. */
    AWAY,
    /** Stopped at once, and started again from its log. */
    CRASHED,
    /** All its processes stand still. */
    FROZEN,
    /** Its connections are ended, again and again. */
    CUT
  }

  /** What becomes of the server. */
  enum Fate {
    GOES_ON,
    /** kill -9; another one is started when the store is back. */
    KILLED,
    /** SIGTERM; the same. */
    TERMINATED,
    /** SIGSTOP, and SIGCONT when the store is back. */
    STOPPED
  }

  private static final Duration LASTS = Duration.ofSeconds(6);
  private static final int CUTS = 25;

  /** Acknowledged, and in the server's memory, before the trouble begins. */
  private static final int BACKLOG = 500;

  @Override
  public String name() {
    String server =
        switch (fate) {
          case GOES_ON -> "";
          case KILLED -> " and server killed";
          case TERMINATED -> " and server terminated";
          case STOPPED -> " and server stopped";
        };
    return "store " + trouble.name().toLowerCase(Locale.ROOT) + server;
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    PostgresDatabase database = (PostgresDatabase) world.store();
    world.endpoint().be(Manner.HOLDS);
    world.awaitAcknowledged(BACKLOG);
    begin(database.server());
    try {
      world.endpoint().be(random.nextInt(4) == 0 ? Manner.ERRORS : Manner.WELL);
      long moment = random.nextLong(LASTS.toNanos());
      pass(database, moment);
      strike(world);
      pass(database, LASTS.toNanos() - moment);
    } finally {
      end(database.server());
    }
    world.endpoint().be(Manner.WELL);
    comeBack(world, stage);
    world.awaitAcknowledged(100);
    world.awaitSettled();
  }

  private void begin(PostgresServer server) throws Exception {
    switch (trouble) {
      case AWAY -> server.stop("INT");
      case CRASHED -> server.stop("QUIT");
      case FROZEN -> server.signalAll("STOP");
      case CUT -> {}
    }
  }

  /** This is the fault: time passes. */
  private void pass(PostgresDatabase database, long nanos) throws Exception {
    if (trouble == Trouble.CUT) {
      for (int i = 0; i < CUTS; i++) {
        database.server().cut(database.name());
        LockSupport.parkNanos(nanos / CUTS);
      }
    } else {
      LockSupport.parkNanos(nanos);
    }
  }

  private void end(PostgresServer server) throws Exception {
    switch (trouble) {
      case AWAY, CRASHED -> server.startAgain();
      case FROZEN -> server.signalAll("CONT");
      case CUT -> {}
    }
  }

  private void strike(World world) throws Exception {
    switch (fate) {
      case GOES_ON -> {}
      case KILLED -> world.kill();
      case TERMINATED -> world.server().terminate();
      case STOPPED -> Shell.signal("STOP", world.server());
    }
  }

  private void comeBack(World world, Stage stage) throws Exception {
    switch (fate) {
      case GOES_ON -> {}
      case KILLED -> {
        world.start();
        stage.restarted();
      }
      case TERMINATED -> {
        world.stop();
        world.start();
        stage.restarted();
      }
      case STOPPED -> Shell.signal("CONT", world.server());
    }
  }
}
