package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.HeaderParameter;
import dev.feedbackwebhooks.proto.v1.JwtAlgorithm;
import dev.feedbackwebhooks.proto.v1.JwtAuthentication;
import dev.feedbackwebhooks.proto.v1.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainJourneyTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final int EVENTS = 1_000;

  @TempDir Path directory;

  @Test
  void everyStreamedEventArrivesOnceSignedAndInTheExactShape() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      var _ =
          api.setUp(
              Api.config(endpoint.url("/hooks?tenant=a"))
                  .addHeaderParameters(
                      HeaderParameter.newBuilder().setName("X-Tenant").setValue("blue"))
                  .setJwt(
                      JwtAuthentication.newBuilder()
                          .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS256)
                          .setSecret(ByteString.copyFromUtf8(KEY))
                          .setIssuer("feedback")
                          .setAudience("hooks")
                          .setKeyId("k1")));

      EventStream stream = new EventStream(api);
      IntStream.range(0, EVENTS).forEach(i -> stream.send(Api.event("e-" + i).build()));
      List<FeedbackResult> results = stream.end();

      assertThat(results)
          .extracting(FeedbackResult::getOutcome)
          .containsOnly(Outcome.OUTCOME_ACCEPTED);
      assertThat(results)
          .extracting(FeedbackResult::getEventId)
          .containsExactlyElementsOf(IntStream.range(0, EVENTS).mapToObj(i -> "e-" + i).toList());
      await().untilAsserted(() -> assertThat(endpoint.received()).hasSize(EVENTS));
      assertEachOnce(results, endpoint.received());
      for (Endpoint.Received post : endpoint.received()) {
        assertThat(post.body()).isEqualTo(Api.SAMPLE_PAYLOAD);
        assertThat(post.path()).isEqualTo("/hooks?tenant=a");
        assertThat(post.tenant()).isEqualTo("blue");
        assertThat(post.contentType()).isEqualTo("application/json; charset=utf-8");
        assertThat(post.attempt()).isEqualTo(1);
        assertToken(Objects.requireNonNull(post.authorization()));
      }
      await()
          .untilAsserted(() ->
              assertThat(
                      api.deliveries
                          .getDelivery(
                              GetDeliveryRequest.newBuilder()
                                  .setName(results.getFirst().getDelivery())
                                  .build())
                          .getState()
                          .name())
                  .isEqualTo("DELIVERY_STATE_DELIVERED"));
    }
  }

  private static void assertEachOnce(
      List<FeedbackResult> results, List<Endpoint.Received> received) {
    assertThat(received.stream().map(Endpoint.Received::webhookId).collect(Collectors.toSet()))
        .hasSize(EVENTS)
        .isEqualTo(
            results.stream()
                .map(result -> result.getDelivery().substring(Api.PARENT.length() + 12))
                .collect(Collectors.toSet()));
  }

  private static void assertToken(String authorization) throws Exception {
    assertThat(authorization).startsWith("Bearer ");
    SignedJWT token = SignedJWT.parse(authorization.substring(7));
    assertThat(token.verify(new MACVerifier(KEY))).isTrue();
    assertThat(token.getHeader().getKeyID()).isEqualTo("k1");
    assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo("feedback");
    assertThat(token.getJWTClaimsSet().getAudience()).containsExactly("hooks");
    assertThat(token.getJWTClaimsSet().getJWTID()).isNotBlank();
    Instant issued = token.getJWTClaimsSet().getIssueTime().toInstant();
    assertThat(token.getJWTClaimsSet().getExpirationTime().toInstant())
        .isEqualTo(issued.plus(Duration.ofMinutes(5)));
  }
}
