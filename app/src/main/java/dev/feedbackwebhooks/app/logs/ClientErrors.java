package dev.feedbackwebhooks.app.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.Marker;

/**
 * Counts clients' mistakes, for each of which gRPC logs a warning with its stack: what anybody may
 * cause as often as they like becomes one line a minute of each kind. What our own code throws is
 * no client's, and stays.
 */
public final class ClientErrors extends TurboFilter {
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(ClientErrors.class);
  private static final String GRPC = "io.grpc.";
  private static final String OURS = "dev.feedbackwebhooks.";
  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);
  private static final int LONGEST = 200;
  private static final Pattern HUNG_UP =
      Pattern.compile("reset|broken pipe|closed|aborted", Pattern.CASE_INSENSITIVE);

  /** The kind of a client's error. */
  private enum Kind {
    headers,
    message,
    stream,
    connection
  }

  /** The count of one kind. */
  private static final class Count {
    private final AtomicLong all = new AtomicLong();
    private volatile String last = "";
    private volatile String peer = "";
    private long reported;
    private Instant lastLine = Instant.MIN;
  }

  private final Map<Kind, Count> counts =
      Arrays.stream(Kind.values()).collect(Collectors.toMap(kind -> kind, _ -> new Count()));

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] params,
      @Nullable Throwable thrown) {
    if (level != Level.WARN || format == null) {
      return FilterReply.NEUTRAL;
    }
    Kind kind = kind(marker, logger.getName(), format, thrown);
    if (kind == null) {
      return FilterReply.NEUTRAL;
    }
    String peer = MDC.get("peer");
    Count count = count(kind);
    count.all.incrementAndGet();
    count.last = printable(thrown == null ? format : String.valueOf(thrown.getMessage()));
    count.peer = peer == null ? "unknown" : peer;
    return FilterReply.DENY;
  }

  /** Null for what is no client's mistake, or is not known to be one. */
  private static @Nullable Kind kind(
      @Nullable Marker marker, String logger, String format, @Nullable Throwable thrown) {
    if (marker != null && marker.getName().equals("CLIENT_ERROR")) {
      return Kind.headers;
    }
    if (!logger.startsWith(GRPC)) {
      return null;
    }
    if (logger.endsWith(".NettyServerHandler")) {
      return isOurs(thrown) ? null : ofHandler(format);
    }
    if (logger.endsWith(".NettyServerStream")) {
      return isOurs(thrown) ? null : Kind.message;
    }
    // Of the event loop: for example, TLS that is none.
    return isOfConnection(thrown) && !isOurs(thrown) ? Kind.connection : null;
  }

  /** There are others that are ours: too many open files, no memory. */
  private static boolean isOfConnection(@Nullable Throwable thrown) {
    return thrown instanceof SSLException
        || thrown instanceof SocketException
        || (thrown instanceof IOException
            && HUNG_UP.matcher(String.valueOf(thrown.getMessage())).find());
  }

  private static @Nullable Kind ofHandler(String format) {
    if (format.startsWith("Exception in onHeadersRead") || format.startsWith("Expected header")) {
      return Kind.headers;
    }
    if (format.startsWith("Exception in onDataRead")) {
      return Kind.message;
    }
    return format.startsWith("Stream Error") || format.startsWith("Exception in onRstStreamRead")
        ? Kind.stream
        : null;
  }

  /** A status is a refusal, whoever throws it. */
  private static boolean isOurs(@Nullable Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each.getClass().getName().startsWith("io.grpc.Status")) {
        return false;
      }
      if (each instanceof Error
          || Arrays.stream(each.getStackTrace())
              .map(StackTraceElement::getClassName)
              .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
              .limit(1)
              .anyMatch(name -> name.startsWith(OURS))) {
        return true;
      }
    }
    return false;
  }

  private Count count(Kind kind) {
    return Objects.requireNonNull(counts.get(kind));
  }

  /** It may hold what the client sent. */
  private static String printable(String text) {
    String shortened = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    return shortened.replaceAll("[^\\x20-\\x7e]", "?");
  }

  /** Logs a line of each kind that occurred, at most one a minute. */
  public void report(Instant now) {
    for (Kind kind : Kind.values()) {
      Count count = count(kind);
      long all = count.all.get();
      if (all == count.reported || now.isBefore(count.lastLine.plus(BETWEEN_LINES))) {
        continue;
      }
      log.atWarn()
          .addKeyValue("kind", kind)
          .addKeyValue("count", all - count.reported)
          .addKeyValue("peer", count.peer)
          .addKeyValue("last", count.last)
          .log("clients sent what gRPC cannot read, or left in the middle");
      count.reported = all;
      count.lastLine = now;
    }
  }

  /** Shows the counts. */
  public void register(MeterRegistry metrics) {
    for (Kind kind : Kind.values()) {
      FunctionCounter.builder(
              "feedback.webhooks.grpc.client.errors", count(kind), count -> count.all.doubleValue())
          .tag("kind", kind.name())
          .description("Calls and connections that clients broke")
          .register(metrics);
    }
  }
}
