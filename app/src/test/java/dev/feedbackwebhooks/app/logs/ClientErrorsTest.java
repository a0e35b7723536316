package dev.feedbackwebhooks.app.logs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClientErrorsTest {
  private final LoggerContext context = new LoggerContext();
  private final ClientErrors errors = new ClientErrors();

  private FilterReply decide(String logger, Throwable thrown) {
    Logger of = context.getLogger(logger);
    return errors.decide(null, of, Level.WARN, "An exception was caught", null, thrown);
  }

  /** As they come from Netty, whose frames are on top. */
  static List<Throwable> clients() {
    List<Throwable> thrown =
        List.of(
            new SSLException("not an SSL/TLS record"),
            new SocketException("Connection reset"),
            new IOException("Connection reset by peer"),
            new IOException("Broken pipe"));
    thrown.forEach(each -> each.setStackTrace(new StackTraceElement[0]));
    return thrown;
  }

  @ParameterizedTest
  @MethodSource("clients")
  void aConnectionThatAClientBrokeIsCountedAndNotLogged(Throwable thrown) {
    assertThat(decide("io.grpc.netty.shaded.io.netty.channel.DefaultChannelPipeline", thrown))
        .isEqualTo(FilterReply.DENY);
  }

  @Test
  void whatIsOursIsLogged() {
    assertThat(
            decide(
                "io.grpc.netty.shaded.io.netty.channel.DefaultChannelPipeline",
                new IOException("accept(..) failed: Too many open files")))
        .isEqualTo(FilterReply.NEUTRAL);
    assertThat(
            decide(
                "dev.feedbackwebhooks.app.lifecycle.Server",
                new SocketException("Connection reset")))
        .isEqualTo(FilterReply.NEUTRAL);
  }
}
