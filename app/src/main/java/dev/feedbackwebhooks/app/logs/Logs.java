package dev.feedbackwebhooks.app.logs;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.feedbackwebhooks.app.options.LogFormat;
import java.io.Console;
import java.util.Optional;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Logs on stderr: text for a person at a terminal, one JSON object a line for a machine. */
public final class Logs {
  private static final String TEXT = "%d{HH:mm:ss.SSS} %-5level %msg %kvp%n%ex";

  /** Beyond these, lines are dropped: who reads them slowly must not slow down deliveries. */
  private static final int LINES_WAITING = 4_096;

  /** The errors of clients, which gRPC would log with a stack trace. */
  public static final ClientErrors CLIENT_ERRORS = new ClientErrors();

  private Logs() {}

  public static void configure(LogFormat format) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    EncoderBase<ILoggingEvent> encoder = isText(format) ? text() : new LogstashEncoder();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    AsyncAppender later = new AsyncAppender();
    later.setContext(context);
    later.setQueueSize(LINES_WAITING);
    later.setNeverBlock(true);
    later.addAppender(console);
    later.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(later);
    context.getLogger("dev.feedbackwebhooks").setLevel(Level.INFO);
    // It warns of what endpoints do wrong, in their words; here that is a result of an attempt.
    context.getLogger("io.netty").setLevel(Level.ERROR);
    // It says each time that a collector fails; WatchedExporter says it once.
    context.getLogger("io.opentelemetry").setLevel(Level.OFF);
    // It repeats a URL that it cannot read, with the password that may be in it.
    context.getLogger("org.postgresql").setLevel(Level.OFF);
    CLIENT_ERRORS.setContext(context);
    CLIENT_ERRORS.start();
    context.addTurboFilter(CLIENT_ERRORS);
    // gRPC logs by java.util.logging, which has a format and a stream of its own.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  public static void flush() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }

  private static boolean isText(LogFormat format) {
    return switch (format) {
      case text -> true;
      case json -> false;
      case auto -> Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    };
  }

  private static EncoderBase<ILoggingEvent> text() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern(TEXT);
    return encoder;
  }
}
