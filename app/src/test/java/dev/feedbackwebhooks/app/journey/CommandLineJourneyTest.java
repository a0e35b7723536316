package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.feedbackwebhooks.cli.ClientCommands;
import dev.feedbackwebhooks.cli.terminal.Terminal;
import dev.feedbackwebhooks.proto.v1.DeliveryStats;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator at a terminal: sets a customer up, sends events, asks what became of them. */
class CommandLineJourneyTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;

  private record Said(int status, String out, String err) {}

  private String server = "";
  private String ops = "";

  private Said run(String input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    int status =
        ClientCommands.of(terminal, Map.of("THE_KEY", SECRET))
            .execute(
                Stream.concat(Arrays.stream(args), Stream.of("--server=" + server))
                    .toArray(String[]::new));
    return new Said(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** In the place that all of it is about. */
  private Said at(String... args) {
    return run(
        "",
        Stream.concat(Arrays.stream(args), Stream.of("-g=myImsOrg", "-s=prod"))
            .toArray(String[]::new));
  }

  @Test
  void aCustomerIsSetUpAndItsEventsAreFollowed() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer running = RunningServer.start(directory, endpoint)) {
      server = running.grpc();
      ops = running.ops();
      configurations(endpoint);
      events();
      deliveries(endpoint);
      Said audit = at("audit", "list");
      assertThat(audit.out())
          .contains("create_config", "update_config", "opt_in_campaign", "anonymous");
    }
    assertThat(at("stats").status()).as("nobody is there").isEqualTo(3);
  }

  private void configurations(Endpoint endpoint) throws Exception {
    Path file = directory.resolve("config.json");
    assertThat(at("config", "get"))
        .satisfies(
            said -> assertThat(said.status()).isEqualTo(1),
            said -> assertThat(said.err()).contains("NOT_FOUND"));
    Files.writeString(file, config("not a URL"));
    Said refused = at("config", "apply", "-f", file.toString());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("INVALID_ARGUMENT", "  webhook_config.url: ");

    Files.writeString(file, config(endpoint.url("/a")));
    assertThat(at("config", "apply", "-f", file.toString(), "--validate-only").out())
        .startsWith("valid");
    assertThat(at("config", "apply", "-f", file.toString()).out()).startsWith("created");
    assertThat(at("config", "apply", "-f", file.toString()).out()).startsWith("unchanged");
    Files.writeString(file, config(endpoint.url("/b")));
    assertThat(at("config", "apply", "-f", file.toString()).out()).startsWith("updated");
    assertThat(at("config", "get").out()).contains("/b").doesNotContain(SECRET);
    assertThat(run("", "config", "list").out()).contains("active", "healthy", "email", "/b");
    assertThat(at("campaign", "enable", "16f24a15-7e21-477c-848a-d5695ca7f137").out())
        .startsWith("enabled");
    assertThat(at("campaign", "list").out()).contains("true");
    Said tried = at("config", "test");
    assertThat(tried.status()).isZero();
    assertThat(tried.out()).contains("accepted, HTTP 204", "authorization: ***", "tls ");
    assertThat(endpoint.received().getLast().headers().get("webhook-test")).isNotNull();
  }

  private static String config(String url) {
    return """
    {"displayName": "Feedback", "channels": ["CHANNEL_EMAIL"], "url": "%s",
     "jwt": {"algorithm": "JWT_ALGORITHM_HS256", "secret": "@env:THE_KEY"}}
    """
        .formatted(url);
  }

  private void events() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 120; i++) {
      lines.append(json(Api.event("e-" + i).build())).append('\n');
    }
    Path file = directory.resolve("events.jsonl");
    Files.writeString(file, lines);
    Said sent = run("", "events", "send", file.toString());
    assertThat(sent).isEqualTo(new Said(0, "accepted 120, unreadable 0, unanswered 0\n", ""));
    Said again = run(lines.toString(), "events", "send");
    assertThat(again.out()).startsWith("duplicate 120,");
    String bad = "no JSON\n" + json(Api.event("").build()) + "\n";
    Said rejected = run(bad, "events", "send", "-");
    assertThat(rejected.status()).isEqualTo(1);
    assertThat(rejected.err())
        .contains("line 1: is no FeedbackEvent", "line 2: rejected: event_id");
  }

  private static String json(FeedbackEvent event) throws Exception {
    return JsonFormat.printer().omittingInsignificantWhitespace().print(event);
  }

  private void deliveries(Endpoint endpoint) throws Exception {
    await().until(() -> stats().getDelivered() == 120);
    assertThat(at("stats").out()).contains("accepted    120", "delivered   120", "p99");
    List<String> listed = at("deliveries", "list", "--limit=3").out().lines().toList();
    assertThat(listed).hasSize(4);
    assertThat(listed.getFirst()).startsWith("DELIVERY");
    String id = listed.getLast().replaceFirst(" .*", "");
    assertThat(at("deliveries", "get", id).out())
        .contains("delivered", "attempt 1: accepted, HTTP 204", "to      127.0.0.1:");
    assertThat(at("deliveries", "list", "--limit=5", "-o=json").out().lines())
        .hasSize(5)
        .allMatch(line -> line.startsWith("{\"name\":"));
    Said retried = at("deliveries", "retry", id);
    assertThat(retried.status()).isEqualTo(1);
    assertThat(retried.err()).contains("FAILED_PRECONDITION", "nothing to retry");
    replay(endpoint);
  }

  private void replay(Endpoint endpoint) {
    int before = endpoint.received().size();
    String[] range = {"--from=2026-01-01T00:00:00Z", "--until=2100-01-01T00:00:00Z"};
    assertThat(at("deliveries", "replay", range[0], range[1], "--dry-run").out())
        .startsWith("matched 120, would be sent 120, passed over 0");
    CompletableFuture<Said> watch =
        CompletableFuture.supplyAsync(
            () -> at("deliveries", "watch", "--filter=state = DELIVERED", "--limit=3"));
    await().until(this::isWatching);
    List<String> begun = at("deliveries", "replay", range[0], range[1]).out().lines().toList();
    String id = begun.getLast().replaceFirst(" .*", "");
    Said waited = at("operations", "wait", id);
    assertThat(watch).succeedsWithin(Patience.LIMIT);
    assertThat(watch.join().out().lines())
        .hasSize(3)
        .allMatch(line -> line.contains("  delivered  "));
    assertThat(waited.status()).isZero();
    assertThat(waited.out()).contains("succeeded", "120");
    assertThat(at("operations", "get", id).out()).isEqualTo(waited.out());
    assertThat(at("operations", "list").out()).contains(id);
    assertThat(at("operations", "list", "-o=json").out()).contains("\"replayed\":\"120\"");
    assertThat(at("operations", "cancel", id).status()).as("it is over: nothing to end").isIn(0, 1);
    await().until(() -> endpoint.received().size() == before + 120);
  }

  /** Whether the server has the watch: what is delivered from here on is seen. */
  private boolean isWatching() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(ops + "/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body()
          .contains(
              "feedback_webhooks_grpc_open{method=\"feedback.v1.DeliveryService/WatchDeliveries\"} 1.0");
    }
  }

  private DeliveryStats stats() throws Exception {
    DeliveryStats.Builder stats = DeliveryStats.newBuilder();
    JsonFormat.parser().merge(at("stats", "--output=json").out(), stats);
    return stats.build();
  }
}
