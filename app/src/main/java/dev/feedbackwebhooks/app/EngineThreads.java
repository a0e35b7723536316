package dev.feedbackwebhooks.app;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's one thread, the clockwork that ticks it, and threads for what blocks. */
final class EngineThreads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EngineThreads.class);
  private static final long TICK_MILLIS = 50;

  private final ExecutorService mailbox = Executors.newSingleThreadExecutor(named("engine"));
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(named("engine-tick"));
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();

  Executor mailbox() {
    return mailbox;
  }

  Executor background() {
    return background;
  }

  void tick(Runnable tick) {
    var _ =
        clockwork.scheduleWithFixedDelay(tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
    mailbox.shutdown();
    background.shutdown();
  }

  private static ThreadFactory named(String name) {
    return Thread.ofPlatform()
        .name(name)
        .uncaughtExceptionHandler((_, bug) -> log.error("a task of the engine failed", bug))
        .factory();
  }
}
