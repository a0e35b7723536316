package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static dev.feedbackwebhooks.proto.v1.AttemptFailure.ATTEMPT_FAILURE_EGRESS_FORBIDDEN;
import static dev.feedbackwebhooks.proto.v1.AttemptFailure.ATTEMPT_FAILURE_PROXY_FAILED;
import static dev.feedbackwebhooks.proto.v1.DeliveryState.DELIVERY_STATE_DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.testing.ConnectProxy;
import dev.feedbackwebhooks.domain.testing.NameServer;
import dev.feedbackwebhooks.proto.v1.Attempt;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where the server sends to, and by which way. Of the loopback's addresses, 127.0.0.1 stands for
 * the public internet, and 127.0.0.2, on which a trap listens, for a private network.
 */
@NullUnmarked
class EgressJourneyTest {
  private static final String ALLOWED = "--egress-allow=127.0.0.1/32";
  private static final String ONCE_MORE = "--retry-schedule=1h";

  @TempDir Path directory;
  private Endpoint endpoint;

  @BeforeEach
  void open() throws Exception {
    endpoint = Endpoint.start(directory);
  }

  @AfterEach
  void close() {
    endpoint.close();
  }

  @Test
  void aNameThatIsReboundLeadsNowhere() throws Exception {
    try (NameServer names = NameServer.start("127.0.0.1", "127.0.0.2");
        Trap trap = new Trap(endpoint.port());
        RunningServer server = strict("--egress-dns=" + names.address())) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.namedUrl("/")));
      String first = publish(api, "e-1");
      await().until(() -> get(api, first).getState() == DELIVERY_STATE_DELIVERED);
      assertThat(names.questions()).as("the address that was checked is the one used").isOne();
      assertForbidden(attempt(api, publish(api, "e-2")), "not on the public internet");
      assertThat(names.questions()).isEqualTo(2);
      assertThat(endpoint.received()).hasSize(1);
      assertThat(trap.connections()).isZero();
    }
  }

  @Test
  void aMixOfAddressesLeadsNowhere() throws Exception {
    try (NameServer names =
            NameServer.start("127.0.0.1 127.0.0.2", "127.0.0.2 127.0.0.1", "127.0.0.1 10.0.0.1");
        Trap trap = new Trap(endpoint.port());
        RunningServer server = strict("--egress-dns=" + names.address())) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.namedUrl("/")));
      for (int question = 1; question <= 3; question++) {
        assertForbidden(attempt(api, publish(api, "e-" + question)), "not on the public internet");
        assertThat(names.questions()).isEqualTo(question);
      }
      assertThat(endpoint.received()).isEmpty();
      assertThat(trap.connections()).isZero();
    }
  }

  @Test
  void aProxyIsToldTheAddressAndItsPasswordIsNowhere() throws Exception {
    try (NameServer names = NameServer.start("127.0.0.1");
        ConnectProxy proxy = ConnectProxy.start("us:s3cr3t");
        RunningServer server =
            strict(
                "--egress-dns=" + names.address(),
                "--settings=" + settings("http://us:s3cr3t@127.0.0.1:" + proxy.port()))) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.namedUrl("/")));
      String name = publish(api, "e-1");
      await().until(() -> get(api, name).getState() == DELIVERY_STATE_DELIVERED);
      assertThat(proxy.heads()).hasSize(1);
      assertThat(proxy.heads().getFirst())
          .startsWith("CONNECT 127.0.0.1:" + endpoint.port() + " HTTP/1.1\r\n")
          .doesNotContain(Endpoint.NAME);
      assertThat(server.log()).doesNotContain("s3cr3t");
    }
  }

  @Test
  void aProxyThatRefusesIsNamedAndItsPasswordIsNot() throws Exception {
    try (ConnectProxy proxy = ConnectProxy.start("us:other");
        RunningServer server =
            strict("--settings=" + settings("http://us:s3cr3t@127.0.0.1:" + proxy.port()))) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      Attempt attempt = attempt(api, publish(api, "e-1"));
      assertThat(attempt.getFailure()).isEqualTo(ATTEMPT_FAILURE_PROXY_FAILED);
      assertThat(attempt.getDetail()).isEqualTo("the egress proxy answered HTTP 407");
      assertThat(attempt.toString() + server.log()).doesNotContain("s3cr3t");
      assertThat(endpoint.received()).isEmpty();
    }
  }

  @Test
  void hostsAndPortsOutsideTheListsAreRefusedWhereTheyAreSaved() throws Exception {
    try (RunningServer server =
        strict(
            "--egress-allow-hosts=*.Example.com.,hooks.acme.org,*.BÜCHER.example,8.8.8.8",
            "--egress-deny-hosts=evil.example.com,*.evil.example.com",
            "--egress-ports=443,8000-8100")) {
      Api api = new Api(server);
      refused(api, "https://example.com/", "--egress-allow-hosts");
      refused(api, "https://notexample.com/", "--egress-allow-hosts");
      refused(api, "https://a.hooks.acme.org/", "--egress-allow-hosts");
      refused(api, "https://hooks.acme.org.evil.net/", "--egress-allow-hosts");
      refused(api, "https://8.8.4.4/", "--egress-allow-hosts");
      refused(api, "https://EVIL.example.com/", "--egress-deny-hosts");
      refused(api, "https://a.b.eViL.example.com/", "--egress-deny-hosts");
      refused(api, "https://a.example.com:8443/", "443, 8000-8100");
      for (String url :
          new String[] {
            "https://a.b.EXAMPLE.com/",
            "https://hooks.acme.org:8100/",
            "https://a.bücher.example/",
            "https://a.xn--bcher-kva.example/",
            "https://8.8.8.8/"
          }) {
        assertThat(validate(api, url).getUrl()).as(url).startsWith("https://");
      }
    }
  }

  @Test
  void whatWasSavedBeforeTheListsIsRefusedWhenItIsSent() throws Exception {
    try (RunningServer server = strict()) {
      var _ = new Api(server).setUp(Api.config(endpoint.url("/")));
    }
    for (String list :
        new String[] {
          "--egress-allow-hosts=*.example.com", "--egress-deny-hosts=127.0.0.1", "--egress-ports=1"
        }) {
      try (RunningServer server = strict(list)) {
        Api api = new Api(server);
        assertForbidden(attempt(api, publish(api, list)), list.substring(0, list.indexOf('=')));
      }
    }
    assertThat(endpoint.received()).isEmpty();
  }

  private RunningServer strict(String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 2);
    all[settings.length] = ALLOWED;
    all[settings.length + 1] = ONCE_MORE;
    return RunningServer.startStrict(directory, endpoint, all);
  }

  private Path settings(String proxy) throws Exception {
    return Files.writeString(
        directory.resolve("settings.properties"), "egress-proxy = " + proxy + "\n");
  }

  private static String publish(Api api, String eventId) {
    return api.publish(Api.event(eventId).build()).getFirst().getDelivery();
  }

  private static Delivery get(Api api, String name) {
    return api.deliveries.getDelivery(GetDeliveryRequest.newBuilder().setName(name).build());
  }

  /** The first one, once it is over. */
  private static Attempt attempt(Api api, String delivery) {
    await().until(() -> get(api, delivery).getAttemptsCount() > 0);
    return get(api, delivery).getAttempts(0);
  }

  private static void assertForbidden(Attempt attempt, String words) {
    assertThat(attempt.getFailure()).isEqualTo(ATTEMPT_FAILURE_EGRESS_FORBIDDEN);
    assertThat(attempt.getDetail()).contains(words);
  }

  private static void refused(Api api, String url, String words) {
    Refusal refusal = Refusal.of(() -> validate(api, url));
    assertThat(refusal.code()).as(url).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.fields()).containsExactly("webhook_config.url");
    assertThat(refusal.status().toString()).contains(words);
  }

  private static WebhookConfig validate(Api api, String url) {
    return api.configs.createWebhookConfig(
        CreateWebhookConfigRequest.newBuilder()
            .setParent(Api.PARENT)
            .setWebhookConfig(Api.config(url))
            .setValidateOnly(true)
            .build());
  }

  /** Counts who comes to the private network. */
  private static final class Trap implements AutoCloseable {
    private final ServerSocket socket;
    private final AtomicInteger connections = new AtomicInteger();

    Trap(int port) throws Exception {
      socket = new ServerSocket();
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), port));
      var _ = Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
      while (true) {
        try (Socket _ = socket.accept()) {
          connections.incrementAndGet();
        } catch (IOException _) {
          return;
        }
      }
    }

    int connections() {
      return connections.get();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
