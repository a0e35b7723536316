package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes by whatever environment they are started in. */
class EnvironmentJourneyTest {
  private static final String KOREAN = "봄세일";

  @TempDir Path directory;

  private String[] serve() {
    return Program.serve("sqlite:" + directory.resolve("feedback.db"));
  }

  @Test
  void variablesThatTellOfAServiceOfOurNameAreNoSettings() throws Exception {
    String tcp = "tcp://10.96.0.17:9090";
    Program program =
        new Program(directory)
            .with("FEEDBACK_WEBHOOKS_SERVICE_HOST", "10.96.0.17")
            .with("FEEDBACK_WEBHOOKS_SERVICE_PORT", "9090")
            .with("FEEDBACK_WEBHOOKS_SERVICE_PORT_GRPC", "9090")
            .with("FEEDBACK_WEBHOOKS_PORT", tcp)
            .with("FEEDBACK_WEBHOOKS_PORT_9090_TCP", tcp)
            .with("FEEDBACK_WEBHOOKS_PORT_9090_TCP_ADDR", "10.96.0.17")
            .with("FEEDBACK_WEBHOOKS_PORT_9090_TCP_PORT", "9090")
            .with("FEEDBACK_WEBHOOKS_PORT_9090_TCP_PROTO", "tcp")
            .with("FEEDBACK_WEBHOOKS_NAME", "/app/feedback-webhooks")
            .with("FEEDBACK_WEBHOOKS_ENV_JAVA_VERSION", "25")
            .with("FEEDBACK_WEBHOOKS_OPS_SERVICE_HOST", "10.96.0.18")
            .with("FEEDBACK_WEBHOOKS_OPS_PORT", "tcp://10.96.0.18:9091")
            .with("FEEDBACK_WEBHOOKS_LEASE", "")
            .with("FEEDBACK_WEBHOOKS_ENDPOINT_IN_FLIGHT", "7\n");
    assertThat(program.run(serve()).status()).isEqualTo(Program.Ended.READY);
    for (String typo : new String[] {"DATABSE", "PORT", "GRPC_PORT", "NAME"}) {
      Program.Ended ended =
          new Program(directory).with("FEEDBACK_WEBHOOKS_" + typo, "9090").run(serve());
      assertThat(ended.status()).isEqualTo(2);
      assertThat(ended.err()).contains("unknown setting FEEDBACK_WEBHOOKS_" + typo);
    }
  }

  @Test
  void aSecretIsTheSameFromAVariableAndFromAFile() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Files.writeString(directory.resolve("value.txt"), "blue\r\n\n");
      Path config =
          Files.writeString(
              directory.resolve("config.json"),
              """
              {"name": "%s", "display_name": "%s", "channels": ["CHANNEL_EMAIL"], "url": "%s",
               "header_parameters": [{"name": "x-one", "value": "@env:VALUE"},
                 {"name": "x-other", "value": "@file:value.txt"}]}
              """
                  .formatted(Api.CONFIG, KOREAN, endpoint.url("/")));
      Program.Ended applied =
          new Program(directory)
              .with("VALUE", "blue\n")
              .with("FEEDBACK_WEBHOOKS_SERVER", server.grpc() + "\n")
              .with("FEEDBACK_WEBHOOKS_TOKEN", "")
              .with("FEEDBACK_WEBHOOKS_TOKEN_FILE", "")
              .with("FEEDBACK_WEBHOOKS_TLS_CA", "")
              .run("config", "apply", "--file=" + config, "-g=myImsOrg", "-s=prod");
      assertThat(applied.status()).as(applied.toString()).isZero();
      var stored =
          new Api(server)
              .configs.getWebhookConfig(
                  GetWebhookConfigRequest.newBuilder().setName(Api.CONFIG).build());
      assertThat(stored.getHeaderParametersList())
          .extracting(header -> header.getValue())
          .hasSize(2)
          .containsOnly("blue");
      assertThat(stored.getDisplayName()).isEqualTo(KOREAN);
    }
  }

  @Test
  void textIsUtf8WhateverTheLocaleIs() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      var _ = new Api(server).setUp(Api.config(endpoint.url("/")));
      String[] enable = {
        "campaign", "enable", KOREAN, "-g=myImsOrg", "-s=prod", "--server=" + server.grpc()
      };
      String[] list = {"campaign", "list", "-g=myImsOrg", "-s=prod", "--server=" + server.grpc()};
      Program.Ended refused = new Program(directory).run(enable);
      assertThat(refused.status()).as(refused.toString()).isEqualTo(2);
      assertThat(refused.err()).hasLineCount(1).contains("set LC_ALL=C.UTF-8");
      Program.Ended stored = new Program(directory).with("LC_ALL", "C.UTF-8").run(enable);
      assertThat(stored.status()).as(stored.toString()).isZero();
      Program.Ended listed = new Program(directory).run(list);
      assertThat(listed.out()).contains(KOREAN).doesNotContain("?", "\ufffd");
    }
  }

  @Test
  void aKoreanPathIsUsedOrRefusedInOneLine() throws Exception {
    String[] korean = Program.serve("sqlite:" + directory + "/" + KOREAN + "/feedback.db");
    Program.Ended refused = new Program(directory).run(korean);
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).hasLineCount(1).contains("set LC_ALL=C.UTF-8");
    Path settings = directory.resolve("settings.properties");
    Files.writeString(settings, "database = sqlite:" + directory + "/" + KOREAN + "/feedback.db");
    Program.Ended inFile =
        new Program(directory)
            .run(
                "serve",
                "--settings=" + settings,
                "--grpc-address=127.0.0.1:0",
                "--ops-address=127.0.0.1:0");
    assertThat(inFile.status()).as(inFile.toString()).isIn(1, 2);
    assertThat(inFile.err()).hasLineCount(1);
    Program.Ended used = new Program(directory).with("LC_ALL", "C.UTF-8").run(korean);
    assertThat(used.status()).as(used.err()).isEqualTo(Program.Ended.READY);
  }
}
