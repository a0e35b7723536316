package dev.feedbackwebhooks.cli;

import dev.feedbackwebhooks.cli.terminal.Table;
import dev.feedbackwebhooks.cli.terminal.Times;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesResponse;
import dev.feedbackwebhooks.proto.v1.RetryDeliveryRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "deliveries",
    description = "Shows what became of events, and sends again what failed.",
    subcommands = {
      DeliveryCommands.Get.class,
      DeliveryCommands.ListAll.class,
      WatchCommand.class,
      DeliveryCommands.Retry.class,
      ReplayCommand.class
    },
    mixinStandardHelpOptions = true)
final class DeliveryCommands {
  private static final String[] HEAD = {
    "DELIVERY", "STATE", "STATUS", "CHANNEL", "ATTEMPTS", "CREATED", "REASON"
  };

  private static void row(Delivery delivery, Table table) {
    table.add(
        delivery.getName().substring(delivery.getName().lastIndexOf('/') + 1),
        Times.word(delivery.getState(), "DELIVERY_STATE_"),
        Times.word(delivery.getFeedbackStatus(), "FEEDBACK_STATUS_"),
        Times.word(delivery.getChannel(), "CHANNEL_"),
        delivery.getAttemptCount(),
        Times.text(delivery.getCreateTime()),
        delivery.getStateReason());
  }

  private static void show(Client client, Delivery delivery) {
    if (client.json()) {
      client.printJson(delivery);
      return;
    }
    Table table = new Table(HEAD);
    row(delivery, table);
    table.print(client.terminal().out());
    delivery
        .getAttemptsList()
        .forEach(attempt -> Attempts.describe(attempt, client.terminal().out()));
  }

  @Command(
      name = "get",
      description = "Shows a delivery with every attempt at it.",
      mixinStandardHelpOptions = true)
  static final class Get extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Parameters(paramLabel = "DELIVERY", description = "Its id, or its whole name.")
    private String delivery = "";

    @Override
    int run(Client client) {
      show(
          client,
          client
              .deliveries()
              .getDelivery(
                  GetDeliveryRequest.newBuilder()
                      .setName(place.name("deliveries", delivery))
                      .build()));
      return OK;
    }
  }

  @Command(
      name = "list",
      description = "Lists a sandbox's deliveries, newest first.",
      mixinStandardHelpOptions = true)
  static final class ListAll extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Option(
        names = "--filter",
        defaultValue = "",
        description = "For example: state = EXHAUSTED AND channel = SMS.")
    private String filter = "";

    @Option(names = "--limit", defaultValue = "50", description = "At most (${DEFAULT-VALUE}).")
    private int limit;

    @Override
    int run(Client client) {
      Table table = new Table(HEAD);
      Pages.each(
          limit,
          (size, token) ->
              client
                  .deliveries()
                  .listDeliveries(
                      ListDeliveriesRequest.newBuilder()
                          .setParent(place.parent())
                          .setFilter(filter)
                          .setPageSize(size)
                          .setPageToken(token)
                          .build()),
          ListDeliveriesResponse::getDeliveriesList,
          ListDeliveriesResponse::getNextPageToken,
          delivery -> {
            if (client.json()) {
              client.printJson(delivery);
            } else {
              row(delivery, table);
            }
          });
      if (!client.json()) {
        table.print(client.terminal().out());
      }
      return OK;
    }
  }

  @Command(
      name = "retry",
      description = "Makes a delivery due at once, its schedule beginning anew.",
      mixinStandardHelpOptions = true)
  static final class Retry extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Parameters(paramLabel = "DELIVERY", description = "Its id, or its whole name.")
    private String delivery = "";

    @Override
    int run(Client client) {
      show(
          client,
          client
              .deliveries()
              .retryDelivery(
                  RetryDeliveryRequest.newBuilder()
                      .setName(place.name("deliveries", delivery))
                      .build()));
      return OK;
    }
  }
}
