package dev.feedbackwebhooks.cli;

import dev.feedbackwebhooks.cli.terminal.Table;
import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.ListCampaignsRequest;
import dev.feedbackwebhooks.proto.v1.ListCampaignsResponse;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "campaign",
    description = "Opts campaigns in and out.",
    subcommands = {
      CampaignCommands.Enable.class,
      CampaignCommands.Disable.class,
      CampaignCommands.ListAll.class
    },
    mixinStandardHelpOptions = true)
final class CampaignCommands {
  private static int put(Client client, String name, boolean enabled) {
    Campaign campaign =
        client
            .campaigns()
            .updateCampaign(
                UpdateCampaignRequest.newBuilder()
                    .setCampaign(Campaign.newBuilder().setName(name).setWebhooksEnabled(enabled))
                    .build());
    if (client.json()) {
      client.printJson(campaign);
    } else {
      client.terminal().out().println((enabled ? "enabled   " : "disabled  ") + campaign.getName());
    }
    return ServerCommand.OK;
  }

  @Command(
      name = "enable",
      description = "Has a campaign's feedback sent on.",
      mixinStandardHelpOptions = true)
  static final class Enable extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Parameters(paramLabel = "CAMPAIGN")
    private String campaign = "";

    @Override
    int run(Client client) {
      return put(client, place.name("campaigns", campaign), true);
    }
  }

  @Command(
      name = "disable",
      description = "Has a campaign's feedback sent on no more.",
      mixinStandardHelpOptions = true)
  static final class Disable extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Parameters(paramLabel = "CAMPAIGN")
    private String campaign = "";

    @Override
    int run(Client client) {
      return put(client, place.name("campaigns", campaign), false);
    }
  }

  @Command(
      name = "list",
      description = "Lists the campaigns that ever opted in.",
      mixinStandardHelpOptions = true)
  static final class ListAll extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Option(names = "--limit", defaultValue = "1000", description = "At most (${DEFAULT-VALUE}).")
    private int limit;

    @Override
    int run(Client client) {
      Table table = new Table("CAMPAIGN", "ENABLED");
      Pages.each(
          limit,
          (size, token) ->
              client
                  .campaigns()
                  .listCampaigns(
                      ListCampaignsRequest.newBuilder()
                          .setParent(place.parent())
                          .setPageSize(size)
                          .setPageToken(token)
                          .build()),
          ListCampaignsResponse::getCampaignsList,
          ListCampaignsResponse::getNextPageToken,
          campaign -> {
            if (client.json()) {
              client.printJson(campaign);
            } else {
              table.add(campaign.getName(), campaign.getWebhooksEnabled());
            }
          });
      if (!client.json()) {
        table.print(client.terminal().out());
      }
      return OK;
    }
  }
}
