package dev.feedbackwebhooks.cli;

import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.ListOperationsResponse;
import com.google.longrunning.Operation;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import dev.feedbackwebhooks.cli.terminal.Table;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "operations",
    description = "Watches and ends replays.",
    subcommands = {
      OperationCommands.ListAll.class,
      OperationCommands.Get.class,
      OperationCommands.Wait.class,
      OperationCommands.Cancel.class
    },
    mixinStandardHelpOptions = true)
final class OperationCommands {
  @Command(
      name = "list",
      description = "Lists a sandbox's operations, newest first.",
      mixinStandardHelpOptions = true)
  static final class ListAll extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Option(names = "--limit", defaultValue = "50", description = "At most (${DEFAULT-VALUE}).")
    private int limit;

    @Override
    int run(Client client) throws InvalidProtocolBufferException {
      List<Operation> found = new ArrayList<>();
      Pages.each(
          limit,
          (size, token) ->
              client
                  .operations()
                  .listOperations(
                      ListOperationsRequest.newBuilder()
                          .setName(place.parent())
                          .setPageSize(size)
                          .setPageToken(token)
                          .build()),
          ListOperationsResponse::getOperationsList,
          ListOperationsResponse::getNextPageToken,
          found::add);
      Table table = Operations.table();
      for (Operation operation : found) {
        if (client.json()) {
          Operations.printJson(client, operation);
        } else {
          Operations.row(operation, table);
        }
      }
      if (!client.json()) {
        table.print(client.terminal().out());
      }
      return OK;
    }
  }

  @Command(
      name = "get",
      description = "Tells where an operation stands.",
      mixinStandardHelpOptions = true)
  static final class Get extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Parameters(paramLabel = "OPERATION")
    private String operation = "";

    @Override
    int run(Client client) throws InvalidProtocolBufferException {
      Operations.print(
          client,
          client
              .operations()
              .getOperation(
                  GetOperationRequest.newBuilder()
                      .setName(place.name("operations", operation))
                      .build()));
      return OK;
    }
  }

  @Command(
      name = "wait",
      description = "Waits until an operation is over; status 1 if it is not within the time.",
      mixinStandardHelpOptions = true)
  static final class Wait extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Parameters(paramLabel = "OPERATION")
    private String operation = "";

    @Option(
        names = "--seconds",
        defaultValue = "50",
        description = "How long at most, up to 50 (${DEFAULT-VALUE}).")
    private int seconds;

    @Override
    int run(Client client) throws InvalidProtocolBufferException {
      Operation now =
          client
              .operations()
              .waitOperation(
                  WaitOperationRequest.newBuilder()
                      .setName(place.name("operations", operation))
                      .setTimeout(Durations.fromSeconds(Math.min(seconds, 50)))
                      .build());
      Operations.print(client, now);
      return now.getDone() ? OK : REFUSED;
    }
  }

  @Command(
      name = "cancel",
      description = "Ends an operation; what it has queued is sent all the same.",
      mixinStandardHelpOptions = true)
  static final class Cancel extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Parameters(paramLabel = "OPERATION")
    private String operation = "";

    @Override
    int run(Client client) {
      String name = place.name("operations", operation);
      var _ =
          client
              .operations()
              .cancelOperation(CancelOperationRequest.newBuilder().setName(name).build());
      client.terminal().out().println("cancelled  " + name);
      return OK;
    }
  }
}
