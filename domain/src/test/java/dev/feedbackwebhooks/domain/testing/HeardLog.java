package dev.feedbackwebhooks.domain.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps what a class logs from the console, for the test to look at. */
public final class HeardLog implements AutoCloseable {
  private final Logger logger;
  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

  public HeardLog(Class<?> of) {
    logger = (Logger) LoggerFactory.getLogger(of);
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
    heard.start();
    logger.addAppender(heard);
  }

  /** "LEVEL message" of each line so far. */
  public List<String> lines() {
    return heard.list.stream().map(line -> line.getLevel() + " " + line.getMessage()).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(heard);
    logger.setAdditive(true);
    logger.setLevel(null);
  }
}
