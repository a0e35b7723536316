package dev.feedbackwebhooks.cli;

import dev.feedbackwebhooks.cli.terminal.Table;
import dev.feedbackwebhooks.cli.terminal.Times;
import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.DeleteWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.EndpointHealth;
import dev.feedbackwebhooks.proto.v1.FeedbackStatus;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.ListWebhookConfigsRequest;
import dev.feedbackwebhooks.proto.v1.ListWebhookConfigsResponse;
import dev.feedbackwebhooks.proto.v1.SendTestFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.SendTestFeedbackResponse;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "config",
    description = "Reads, changes and tries out webhook configurations.",
    subcommands = {
      ConfigCommands.Get.class,
      ConfigCommands.ListAll.class,
      ConfigApply.class,
      ConfigCommands.Delete.class,
      ConfigCommands.Try.class
    },
    mixinStandardHelpOptions = true)
final class ConfigCommands {
  @Command(
      name = "get",
      description = "Prints a sandbox's configuration, without its secrets.",
      mixinStandardHelpOptions = true)
  static final class Get extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Override
    int run(Client client) {
      client.print(
          client
              .configs()
              .getWebhookConfig(
                  GetWebhookConfigRequest.newBuilder().setName(place.config()).build()));
      return OK;
    }
  }

  @Command(name = "list", description = "Lists configurations.", mixinStandardHelpOptions = true)
  static final class ListAll extends ServerCommand {
    @Option(
        names = {"-g", "--organization"},
        defaultValue = "-",
        description = "The organization; all by default.")
    private String organization = "-";

    @Option(names = "--limit", defaultValue = "1000", description = "At most (${DEFAULT-VALUE}).")
    private int limit;

    @Override
    int run(Client client) {
      Table table =
          new Table("CONFIGURATION", "STATE", "HEALTH", "CHANNELS", "URL", "LAST FAILURE");
      Pages.each(
          limit,
          (size, token) ->
              client
                  .configs()
                  .listWebhookConfigs(
                      ListWebhookConfigsRequest.newBuilder()
                          .setParent("organizations/" + organization + "/sandboxes/-")
                          .setPageSize(size)
                          .setPageToken(token)
                          .build()),
          ListWebhookConfigsResponse::getWebhookConfigsList,
          ListWebhookConfigsResponse::getNextPageToken,
          config -> show(client, config, table));
      if (!client.json()) {
        table.print(client.terminal().out());
      }
      return OK;
    }

    private static String lastFailure(EndpointHealth health) {
      return health.hasLastFailureTime()
          ? Times.text(health.getLastFailureTime()) + " " + health.getLastFailure()
          : "";
    }

    private static void show(Client client, WebhookConfig config, Table table) {
      if (client.json()) {
        client.printJson(config);
      } else {
        table.add(
            config.getName(),
            Times.word(config.getState(), "WEBHOOK_CONFIG_STATE_"),
            Times.word(config.getHealth().getState(), "ENDPOINT_HEALTH_STATE_"),
            String.join(
                ",",
                config.getChannelsList().stream()
                    .map(channel -> Times.word(channel, "CHANNEL_"))
                    .toList()),
            config.getUrl(),
            lastFailure(config.getHealth()));
      }
    }
  }

  @Command(
      name = "delete",
      description = "Deletes a sandbox's configuration; what waits for it is cancelled.",
      mixinStandardHelpOptions = true)
  static final class Delete extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Option(names = "--etag", defaultValue = "", description = "Only if it is still this one.")
    private String etag = "";

    @Override
    int run(Client client) {
      var _ =
          client
              .configs()
              .deleteWebhookConfig(
                  DeleteWebhookConfigRequest.newBuilder()
                      .setName(place.config())
                      .setEtag(etag)
                      .build());
      client.terminal().out().println("deleted    " + place.config());
      return OK;
    }
  }

  @Command(
      name = "test",
      description = "Sends a sample to the endpoint, and says how that went and what to do.",
      mixinStandardHelpOptions = true)
  static final class Try extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Option(
        names = "--status",
        defaultValue = "delivered",
        description = "sent, delivered, bounce or error (${DEFAULT-VALUE}).")
    private String status = "";

    @Option(
        names = "--channel",
        description = "email or sms; the configuration's first by default.")
    private @Nullable String channel;

    @Override
    int run(Client client) {
      SendTestFeedbackRequest.Builder request =
          SendTestFeedbackRequest.newBuilder()
              .setName(place.config())
              .setStatus(constant(FeedbackStatus.class, "FEEDBACK_STATUS_", status));
      if (channel != null) {
        request.setChannel(constant(Channel.class, "CHANNEL_", channel));
      }
      SendTestFeedbackResponse tried = client.configs().sendTestFeedback(request.build());
      if (client.json()) {
        client.printJson(tried);
      } else {
        Attempts.describe(tried.getAttempt(), client.terminal().out());
        tried
            .getAdviceList()
            .forEach(advice -> client.terminal().out().println("advice: " + advice));
      }
      return tried.getAdviceCount() == 0 ? OK : REFUSED;
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String prefix, String word) {
      try {
        return Enum.valueOf(type, prefix + word.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException _) {
        throw new IllegalArgumentException("'" + word + "' is none of those that --help lists");
      }
    }
  }
}
