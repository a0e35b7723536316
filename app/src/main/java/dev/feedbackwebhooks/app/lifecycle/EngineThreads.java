package dev.feedbackwebhooks.app.lifecycle;

import dev.feedbackwebhooks.domain.engine.Mailbox;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's one thread and the clockwork that ticks it, the store's one that writes, some that
 * sign, and virtual ones for what blocks.
 */
final class EngineThreads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EngineThreads.class);
  private static final long TICK_MILLIS = 50;
  private static final long CHECK_AFTER_SECONDS = 5;

  private final ExecutorService engine = Executors.newSingleThreadExecutor(named("engine"));
  private final Mailbox mailbox = new EngineMailbox(engine);
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(named("engine-tick"));
  private final ExecutorService writer = Executors.newSingleThreadExecutor(named("writer"));
  private final ExecutorService checkpointer =
      Executors.newSingleThreadExecutor(named("checkpointer"));
  private final ScheduledExecutorService checker =
      Executors.newSingleThreadScheduledExecutor(named("checker"));
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();

  /** As many as are asked for, and nobody waits for their end: a signature may never be made. */
  private final ExecutorService signing =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("signing").factory());

  Mailbox mailbox() {
    return mailbox;
  }

  Executor writer() {
    return writer;
  }

  /** For checks of the database that take many seconds, once the start is over. */
  Executor checker() {
    return check -> {
      var _ = checker.schedule(check, CHECK_AFTER_SECONDS, TimeUnit.SECONDS);
    };
  }

  Executor checkpointer() {
    return checkpointer;
  }

  ExecutorService background() {
    return background;
  }

  Executor signing() {
    return signing;
  }

  void tick(Runnable tick) {
    Runnable guarded =
        () -> {
          try {
            tick.run();
          } catch (RuntimeException | Error bug) {
            // Thrown on, it would be the last tick, and nothing more would be sent.
            log.error("a tick failed", bug);
          }
        };
    var _ =
        clockwork.scheduleWithFixedDelay(guarded, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** For looks that may block for a while; one does not begin before the last has ended. */
  void everySecond(Runnable look) {
    var _ = checker.scheduleWithFixedDelay(guarded(look), 1, 1, TimeUnit.SECONDS);
  }

  private static Runnable guarded(Runnable look) {
    return () -> {
      try {
        look.run();
      } catch (RuntimeException e) {
        log.atDebug().addKeyValue("cause", String.valueOf(e.getMessage())).log("a look failed");
      }
    };
  }

  /** Ends the engine, which still needs the store's thread to write down what it did. */
  void stopTicking() {
    clockwork.shutdownNow();
  }

  /** To be called once the store is closed. */
  @Override
  public void close() {
    stopTicking();
    engine.shutdown();
    background.shutdown();
    signing.shutdown();
    checkpointer.shutdown();
    checker.shutdownNow();
    writer.shutdown();
  }

  private static ThreadFactory named(String name) {
    return Thread.ofPlatform()
        .name(name)
        .uncaughtExceptionHandler((_, bug) -> log.error("a task of the engine failed", bug))
        .factory();
  }
}
