package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.CONNECT_REFUSED;
import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.CONNECT_TIMEOUT;
import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.EGRESS_FORBIDDEN;
import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.HTTP2_ERROR;
import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.TLS_NAME;
import static dev.feedbackwebhooks.sender.http.RawEndpoint.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail.FailedAddress;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Sent;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.egress.AddressRange;
import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.domain.testing.NameServer;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import dev.feedbackwebhooks.sender.egress.AddressMemory;
import dev.feedbackwebhooks.sender.signing.SigningPool;
import io.netty.handler.codec.http2.Http2Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A name with several addresses is reached within one attempt, whichever of them are well. The time
 * of an attempt is out of reach here: what ends does so because another address was tried.
 */
@NullUnmarked
class SeveralAddressesTest {
  private static final String NAME = "hooks.example.com";
  private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";
  private static final AttemptResult DELIVERED = new AttemptResult.Accepted(204);
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path directory;
  private Certificates certificates;
  private final SettableClock clock = new SettableClock(Samples.NOW);

  @BeforeEach
  void open() throws Exception {
    certificates = Certificates.in(directory);
  }

  private HttpSender sender(NameServer names) {
    return sender(names, "127.0.0.0/8");
  }

  private HttpSender sender(NameServer names, String... ranges) {
    String[] server = names.address().split(":", 2);
    SenderSettings settings =
        new SenderSettings(
            LONG,
            LONG,
            "feedback-webhooks/test",
            Optional.of(certificates.caFile()),
            new EgressPolicy(Stream.of(ranges).map(AddressRange::parse).toList()),
            List.of(new InetSocketAddress(server[0], Integer.parseInt(server[1]))),
            Optional.empty(),
            64);
    return HttpSender.create(
        settings, clock, SigningPool.of(task -> Thread.ofPlatform().daemon().start(task)));
  }

  private static Sent send(HttpSender sender, int port) throws Exception {
    return begin(sender, port, new SendReason.Feedback())
        .toCompletableFuture()
        .get(1, TimeUnit.MINUTES);
  }

  private static CompletionStage<Sent> begin(HttpSender sender, int port, SendReason purpose) {
    return sender.send(
        new Post(
            Sending.config(NAME, port), new DeliveryId(4711), 1, Samples.payload("ü"), purpose));
  }

  private RawEndpoint good() throws Exception {
    return RawEndpoint.tls(certificates.named(NAME), text(NO_CONTENT));
  }

  private RawEndpoint at(String address, int port, RawEndpoint.Answer answer) throws Exception {
    return RawEndpoint.tlsAt(
        new InetSocketAddress(InetAddress.ofLiteral(address), port),
        certificates.named(NAME),
        answer);
  }

  @Test
  void oneThatRefusesCostsNoAttemptAndIsRemembered() throws Exception {
    try (NameServer names = NameServer.start("127.0.0.2 127.0.0.1");
        HttpSender sender = sender(names);
        RawEndpoint good = good()) {
      List<FailedAddress> refused =
          List.of(new FailedAddress("127.0.0.2:" + good.port(), CONNECT_REFUSED));
      int failed = 0;
      for (int i = 0; i < 20; i++) {
        Sent sent = send(sender, good.port());
        assertThat(sent.result()).isEqualTo(DELIVERED);
        assertThat(sent.detail().address()).isEqualTo("127.0.0.1:" + good.port());
        assertThat(sent.detail().failedAddresses()).isIn(List.of(), refused);
        failed += sent.detail().failedAddresses().size();
      }
      assertThat(failed).as("attempts that tried it").isEqualTo(1);
      clock.advance(AddressMemory.BAD_FOR);
      assertThat(send(sender, good.port()).detail().failedAddresses()).isEqualTo(refused);
      assertThat(send(sender, good.port()).detail().failedAddresses()).isEmpty();
    }
  }

  @Test
  void oneThatTakesConnectionsAndSaysNothingIsOvertakenAndLetGo() throws Exception {
    try (NameServer names = NameServer.start("127.0.0.2 127.0.0.1");
        HttpSender sender = sender(names);
        RawEndpoint good = good();
        ServerSocket dead = new ServerSocket(good.port(), 50, InetAddress.ofLiteral("127.0.0.2"))) {
      Sent sent = begin(sender, good.port(), new SendReason.Test()).toCompletableFuture().get();
      assertThat(sent.result()).isEqualTo(DELIVERED);
      assertThat(sent.detail().failedAddresses())
          .containsExactly(new FailedAddress("127.0.0.2:" + good.port(), CONNECT_TIMEOUT));
      try (Socket loser = dead.accept()) {
        loser.setSoTimeout(60_000);
        // To the end of what it had to say: it hangs up long before any of its times are over.
        assertThat(loser.getInputStream().readAllBytes()).isNotNull();
      }
      assertThat(send(sender, good.port()).detail().failedAddresses()).isEmpty();
    }
  }

  @Test
  void oneWithAnotherCertificateIsPassedOver() throws Exception {
    try (NameServer names = NameServer.start("127.0.0.2 127.0.0.1");
        HttpSender sender = sender(names);
        RawEndpoint good = good();
        RawEndpoint other =
            RawEndpoint.tlsAt(
                new InetSocketAddress("127.0.0.2", good.port()),
                certificates.named("other.example"),
                text(NO_CONTENT))) {
      Sent sent = send(sender, good.port());
      assertThat(sent.result()).isEqualTo(DELIVERED);
      assertThat(sent.detail().failedAddresses())
          .containsExactly(new FailedAddress("127.0.0.2:" + good.port(), TLS_NAME));
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void oneThatTakesRequestsAndDoesNotAnswerIsAvoidedUntilItDoes() throws Exception {
    try (NameServer names = NameServer.start("127.0.0.2 127.0.0.1");
        HttpSender sender = sender(names);
        RawEndpoint good = good();
        RawEndpoint mute = at("127.0.0.2", good.port(), out -> out.close())) {
      int failed = 0;
      for (int i = 0; i < 20; i++) {
        failed += send(sender, good.port()).result().equals(DELIVERED) ? 0 : 1;
      }
      assertThat(failed).isEqualTo(1);
      assertThat(mute.requests()).hasSize(1);
    }
  }

  @Test
  void thoseThatAreGoodShareTheLoadAndOneThatComesBackTakesItsPart() throws Exception {
    try (NameServer names = NameServer.start("127.0.0.2 127.0.0.1");
        HttpSender sender = sender(names);
        RawEndpoint good = good()) {
      assertThat(send(sender, good.port()).result()).isEqualTo(DELIVERED);
      try (RawEndpoint second = at("127.0.0.2", good.port(), text(NO_CONTENT))) {
        clock.advance(AddressMemory.BAD_FOR);
        for (int i = 0; i < 20; i++) {
          assertThat(send(sender, good.port()).result()).isEqualTo(DELIVERED);
        }
        assertThat(second.requests()).hasSizeBetween(5, 15);
      }
    }
  }

  @Test
  void whereAllFailTheOneThatCameNearestIsTold() throws Exception {
    try (NameServer names = NameServer.start("127.0.0.2 127.0.0.1 127.0.0.3");
        HttpSender sender = sender(names);
        RawEndpoint other =
            RawEndpoint.tls(certificates.named("other.example"), text(NO_CONTENT))) {
      Sent sent = send(sender, other.port());
      assertThat(failure(sent)).isEqualTo(TLS_NAME);
      assertThat(sent.detail().address()).isEqualTo("127.0.0.1:" + other.port());
      assertThat(sent.detail().failedAddresses())
          .containsExactlyInAnyOrder(
              new FailedAddress("127.0.0.1:" + other.port(), TLS_NAME),
              new FailedAddress("127.0.0.2:" + other.port(), CONNECT_REFUSED),
              new FailedAddress("127.0.0.3:" + other.port(), CONNECT_REFUSED));
    }
  }

  @Test
  void anAnswerThatNeverComesForOneFamilyHoldsUpNobody() throws Exception {
    try (NameServer names = NameServer.start("127.0.0.1").holdingV6();
        HttpSender sender = sender(names);
        RawEndpoint good = good()) {
      for (int i = 0; i < 3; i++) {
        assertThat(send(sender, good.port()).result()).isEqualTo(DELIVERED);
      }
      assertThat(names.questions()).isEqualTo(3);
      assertThat(names.questionsForV6()).as("that are open at a time").isEqualTo(1);
    }
  }

  @Test
  void aForbiddenAddressThatComesLateEndsAnAttemptThatIsNotSentYetAndAllThatFollow()
      throws Exception {
    try (NameServer names = NameServer.start("127.0.0.1 fd00::1").holdingV6();
        HttpSender sender = sender(names);
        ServerSocket slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var sent = begin(sender, slow.getLocalPort(), new SendReason.Feedback());
      try (Socket _ = slow.accept()) {
        names.answerV6();
        assertThat(failure(sent.toCompletableFuture().get(1, TimeUnit.MINUTES)))
            .isEqualTo(EGRESS_FORBIDDEN);
      }
      assertThat(failure(send(sender, slow.getLocalPort()))).isEqualTo(EGRESS_FORBIDDEN);
    }
  }

  @Test
  void anAllowedAddressThatComesLateIsTriedInTheSameAttempt() throws Exception {
    try (NameServer names = NameServer.start("127.0.0.1 ::1").holdingV6();
        ServerSocket slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        RawEndpoint late =
            RawEndpoint.tlsAt(
                new InetSocketAddress(InetAddress.ofLiteral("::1"), slow.getLocalPort()),
                certificates.named(NAME),
                text(NO_CONTENT));
        HttpSender sender = sender(names, "127.0.0.0/8", "::1/128")) {
      var sent = begin(sender, slow.getLocalPort(), new SendReason.Feedback());
      try (Socket _ = slow.accept()) {
        names.answerV6();
        assertThat(sent.toCompletableFuture().get(1, TimeUnit.MINUTES).result())
            .isEqualTo(DELIVERED);
        assertThat(late.requests()).hasSize(1);
      }
    }
  }

  /** It would be sent there with nobody to wait for the answer. */
  @Test
  void anAttemptThatFailsAtOneAddressWaitsAtNoOther() throws Exception {
    Http2Settings tight = Http2Settings.defaultSettings().maxHeaderListSize(100);
    try (NameServer names = NameServer.start("127.0.0.2 127.0.0.1");
        HttpSender sender = sender(names);
        Http2Endpoint other =
            Http2Endpoint.start(certificates.named(NAME), tight, post -> post.answer(204));
        ServerSocket slow =
            new ServerSocket(other.port(), 50, InetAddress.ofLiteral("127.0.0.2"))) {
      Sent sent = send(sender, other.port());
      assertThat(failure(sent)).isEqualTo(HTTP2_ERROR);
      assertThat(sent.detail().address()).isEqualTo("127.0.0.1:" + other.port());
      try (Socket given = slow.accept()) {
        given.setSoTimeout(60_000);
        assertThat(given.getInputStream().readAllBytes()).as("it hangs up").isNotNull();
      }
    }
  }

  private static AttemptFailure failure(Sent sent) {
    return ((AttemptResult.Retryable) sent.result()).failure();
  }
}
