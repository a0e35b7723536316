package dev.feedbackwebhooks.cli;

import com.google.longrunning.Operation;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesResponse;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "replay",
    description = {
      "Sends deliveries that are over again, with the same webhook-id: delivered ones as well.",
      "Count them first, with --dry-run. What it begins is an operation: see \"operations\"."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand extends ServerCommand {
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(
      names = "--from",
      required = true,
      description = "Taken in at this time or later: 2026-11-24T09:00:00Z.")
  private String from = "";

  @Option(names = "--until", required = true, description = "Taken in before this time.")
  private String until = "";

  @Option(
      names = "--filter",
      defaultValue = "",
      description = "Which of these: state = EXHAUSTED, for example; all that are over by default.")
  private String filter = "";

  @Option(
      names = "--max-per-second",
      defaultValue = "100",
      description = "Most to queue in a second (${DEFAULT-VALUE}).")
  private int maxPerSecond;

  @Option(
      names = "--request-id",
      defaultValue = "",
      description = "Has it done once however often it is asked for; a new one by default.")
  private String requestId = "";

  @Option(names = "--dry-run", description = "Only counts.")
  private boolean dryRun;

  @Override
  int run(Client client) throws InvalidProtocolBufferException {
    Operation operation =
        client
            .deliveries()
            .replayDeliveries(
                ReplayDeliveriesRequest.newBuilder()
                    .setParent(place.parent())
                    .setFilter(whole())
                    .setMaxPerSecond(maxPerSecond)
                    .setRequestId(id())
                    .setValidateOnly(dryRun)
                    .build());
    if (dryRun) {
      ReplayDeliveriesResponse counted =
          operation.getResponse().unpack(ReplayDeliveriesResponse.class);
      Operations.print(client, counted);
    } else {
      Operations.print(client, operation);
    }
    return OK;
  }

  private String id() {
    return requestId.isEmpty() && !dryRun ? UUID.randomUUID().toString() : requestId;
  }

  private String whole() {
    String time = "create_time >= \"" + from + "\" AND create_time < \"" + until + "\"";
    return filter.isBlank() ? time : filter + " AND " + time;
  }
}
