package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.DNS;
import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.EGRESS_FORBIDDEN;
import static dev.feedbackwebhooks.sender.http.RawEndpoint.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a POST may go is decided at each connection, on the address, which is then kept to. */
class EgressTest {
  private static final String NAME = "hooks.example.com";
  private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

  @TempDir Path directory;

  @Test
  void theNameIsKeptInHostAndCertificateWhileTheAddressIsTheGuardedOne() throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint = RawEndpoint.tls(certificates.named(NAME), text(NO_CONTENT))) {
      sending.namesLeadTo("127.0.0.1");
      WebhookConfig config = Sending.config(NAME, endpoint.port());
      assertThat(sending.send(config, 1)).isEqualTo(new AttemptResult.Accepted(204));
      assertThat(endpoint.requests().getFirst())
          .contains("host: " + NAME + ":" + endpoint.port() + "\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "fd00:ec2::254",
        "ff02::1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:0:a00:1::",
        "::10.0.0.1"
      })
  void aNameThatLeadsInsideIsNeverConnectedTo(String address) throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint = RawEndpoint.tls(certificates.named(NAME), text(NO_CONTENT))) {
      WebhookConfig config = Sending.config(NAME, endpoint.port());
      sending.namesLeadTo(address);
      assertThat(failure(sending.send(config, 1))).isEqualTo(EGRESS_FORBIDDEN);
      sending.namesLeadTo("127.0.0.1", address);
      assertThat(failure(sending.send(config, 1))).as("a mix").isEqualTo(EGRESS_FORBIDDEN);
      assertThat(endpoint.requests()).isEmpty();
    }
  }

  @Test
  void aNameThatIsReboundAfterAGoodAnswerIsForbiddenEvenWithAConnectionOpen() throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile());
        RawEndpoint endpoint = RawEndpoint.tls(certificates.named(NAME), text(NO_CONTENT))) {
      WebhookConfig config = Sending.config(NAME, endpoint.port());
      sending.namesLeadTo("127.0.0.1");
      assertThat(sending.send(config, 1)).isEqualTo(new AttemptResult.Accepted(204));
      sending.namesLeadTo("10.0.0.1");
      assertThat(failure(sending.send(config, 2))).isEqualTo(EGRESS_FORBIDDEN);
      assertThat(endpoint.requests()).hasSize(1);
    }
  }

  @Test
  void aNameWithoutAnAddressIsAFailureThatShowsNothingInternal() throws Exception {
    Certificates certificates = Certificates.in(directory);
    try (Sending sending = new Sending(certificates.caFile())) {
      AttemptResult result = sending.send(Sending.config(NAME, 443), 1);
      assertThat(failure(result)).isEqualTo(DNS);
    }
  }

  private static AttemptFailure failure(AttemptResult result) {
    return result instanceof AttemptResult.Retryable retryable
        ? retryable.failure()
        : AttemptFailure.INTERNAL;
  }
}
