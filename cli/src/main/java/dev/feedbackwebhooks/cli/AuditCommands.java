package dev.feedbackwebhooks.cli;

import dev.feedbackwebhooks.cli.terminal.Table;
import dev.feedbackwebhooks.cli.terminal.Times;
import dev.feedbackwebhooks.proto.v1.AuditRecord;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsRequest;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "audit",
    description = "Shows who changed what.",
    subcommands = AuditCommands.ListRecords.class,
    mixinStandardHelpOptions = true)
final class AuditCommands {
  @Command(
      name = "list",
      description = "Lists the records of changes, newest first.",
      mixinStandardHelpOptions = true)
  static final class ListRecords extends ServerCommand {
    @Mixin private PlaceOptions place = new PlaceOptions();

    @Option(names = "--filter", defaultValue = "", description = "As ListAuditRecords takes it.")
    private String filter = "";

    @Option(names = "--limit", defaultValue = "50", description = "At most (${DEFAULT-VALUE}).")
    private int limit;

    @Override
    int run(Client client) {
      Table table = new Table("TIME", "ACTION", "WHO", "RESOURCE", "FIELDS");
      Pages.each(
          limit,
          (size, token) ->
              client
                  .audit()
                  .listAuditRecords(
                      ListAuditRecordsRequest.newBuilder()
                          .setParent(place.parent())
                          .setFilter(filter)
                          .setPageSize(size)
                          .setPageToken(token)
                          .build()),
          ListAuditRecordsResponse::getAuditRecordsList,
          ListAuditRecordsResponse::getNextPageToken,
          record -> show(client, record, table));
      if (!client.json()) {
        table.print(client.terminal().out());
      }
      return OK;
    }

    private static void show(Client client, AuditRecord record, Table table) {
      if (client.json()) {
        client.printJson(record);
      } else {
        table.add(
            Times.text(record.getCreateTime()),
            Times.word(record.getAction(), "AUDIT_ACTION_"),
            record.getActor().getSubject().isEmpty()
                ? Times.word(record.getActor().getAuthentication(), "AUDIT_AUTHENTICATION_")
                : record.getActor().getSubject(),
            record.getResource(),
            record.getChangesCount());
      }
    }
  }
}
