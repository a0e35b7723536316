package dev.feedbackwebhooks.cli;

import com.google.protobuf.util.Durations;
import dev.feedbackwebhooks.cli.terminal.Table;
import dev.feedbackwebhooks.cli.terminal.Times;
import dev.feedbackwebhooks.proto.v1.DeliveryStats;
import dev.feedbackwebhooks.proto.v1.GetDeliveryStatsRequest;
import dev.feedbackwebhooks.proto.v1.LatencyPercentile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "stats",
    description = "Counts what became of all events of a sandbox, and how long it took.",
    mixinStandardHelpOptions = true)
final class StatsCommand extends ServerCommand {
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Override
  int run(Client client) {
    DeliveryStats stats =
        client
            .deliveries()
            .getDeliveryStats(
                GetDeliveryStatsRequest.newBuilder()
                    .setName(place.parent() + "/deliveryStats")
                    .build());
    if (client.json()) {
      client.printJson(stats);
      return OK;
    }
    Table table = new Table("DELIVERIES", "");
    table.add("accepted", stats.getAccepted());
    table.add("waiting", stats.getWaiting());
    table.add("held", stats.getHeld());
    table.add("delivered", stats.getDelivered());
    table.add("exhausted", stats.getExhausted());
    table.add("refused", stats.getRefused());
    table.add("cancelled", stats.getCancelled());
    table.add("first due", Times.text(stats.getEarliestDueTime()));
    for (LatencyPercentile latency : stats.getLatencyList()) {
      table.add(
          "p" + String.valueOf(latency.getPercentile()).replaceFirst("\\.0$", ""),
          Durations.toMillis(latency.getDuration()) + " ms");
    }
    table.print(client.terminal().out());
    return OK;
  }
}
