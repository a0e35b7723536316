package dev.feedbackwebhooks.cli;

import com.google.longrunning.Operation;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.feedbackwebhooks.cli.terminal.Table;
import dev.feedbackwebhooks.cli.terminal.Times;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesMetadata;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesResponse;
import dev.feedbackwebhooks.proto.v1.ReplaySkips;
import java.util.List;

/** Operations for people and for programs. */
final class Operations {
  private static final TypeRegistry TYPES =
      TypeRegistry.newBuilder()
          .add(ReplayDeliveriesMetadata.getDescriptor())
          .add(ReplayDeliveriesResponse.getDescriptor())
          .build();

  private Operations() {}

  static Table table() {
    return new Table("OPERATION", "STATE", "MATCHED", "REPLAYED", "SKIPPED", "BEGAN");
  }

  static void print(Client client, Operation operation) throws InvalidProtocolBufferException {
    if (client.json()) {
      printJson(client, operation);
      return;
    }
    Table table = table();
    row(operation, table);
    table.print(client.terminal().out());
    skips(client, metadata(operation).getSkipsList());
  }

  static void printJson(Client client, Operation operation) throws InvalidProtocolBufferException {
    client
        .terminal()
        .out()
        .json(
            JsonFormat.printer()
                .usingTypeRegistry(TYPES)
                .omittingInsignificantWhitespace()
                .print(operation));
  }

  static void row(Operation operation, Table table) throws InvalidProtocolBufferException {
    ReplayDeliveriesMetadata metadata = metadata(operation);
    table.add(
        operation.getName().substring(operation.getName().lastIndexOf('/') + 1),
        Times.word(metadata.getState(), "REPLAY_STATE_"),
        metadata.getMatched(),
        metadata.getReplayed(),
        metadata.getSkipped(),
        Times.text(metadata.getCreateTime()));
  }

  static void print(Client client, ReplayDeliveriesResponse counted) {
    if (client.json()) {
      client.printJson(counted);
      return;
    }
    client
        .terminal()
        .out()
        .println(
            "matched "
                + counted.getMatched()
                + ", would be sent "
                + counted.getReplayed()
                + ", passed over "
                + counted.getSkipped());
    skips(client, counted.getSkipsList());
  }

  private static void skips(Client client, List<ReplaySkips> skips) {
    for (ReplaySkips skip : skips) {
      client
          .terminal()
          .out()
          .println(
              "  passed over "
                  + skip.getCount()
                  + ": "
                  + Times.word(skip.getReason(), "REPLAY_SKIP_REASON_"));
    }
  }

  private static ReplayDeliveriesMetadata metadata(Operation operation)
      throws InvalidProtocolBufferException {
    return operation.getMetadata().unpack(ReplayDeliveriesMetadata.class);
  }
}
