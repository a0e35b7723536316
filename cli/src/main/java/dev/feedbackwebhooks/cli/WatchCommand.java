package dev.feedbackwebhooks.cli;

import dev.feedbackwebhooks.cli.terminal.Times;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesResponse;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "watch",
    description = {
      "Shows a sandbox's deliveries as they change, until it is interrupted.",
      "If the connection is lost, it goes on where it was."
    },
    mixinStandardHelpOptions = true)
final class WatchCommand extends ServerCommand {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(
      names = "--filter",
      defaultValue = "",
      description = "For example: state = EXHAUSTED AND channel = SMS.")
  private String filter = "";

  @Option(
      names = "--cursor",
      defaultValue = "",
      description = "Go on behind it: the last cursor that --output=json showed.")
  private String cursor = "";

  @Option(names = "--limit", description = "End after so many.")
  private long limit = Long.MAX_VALUE;

  @Override
  int run(Client client) throws IOException {
    boolean connected = false;
    while (limit > 0) {
      try {
        Iterator<WatchDeliveriesResponse> told = watch(client, connected);
        while (limit > 0 && told.hasNext()) {
          show(client, told.next());
          connected = true;
        }
      } catch (StatusRuntimeException e) {
        if (!connected || !isLostConnection(e)) {
          throw e;
        }
        pause();
      }
    }
    return OK;
  }

  /**
   * Whether the connection ended, or the server did: of some ends, what lies between reports a code
   * of its own, without the details that the server's own statuses have.
   */
  private static boolean isLostConnection(StatusRuntimeException e) {
    Metadata trailers = e.getTrailers();
    return switch (e.getStatus().getCode()) {
      case UNAVAILABLE -> true;
      case CANCELLED, INTERNAL, UNKNOWN -> trailers == null || !trailers.containsKey(DETAILS);
      default -> false;
    };
  }

  private Iterator<WatchDeliveriesResponse> watch(Client client, boolean again) {
    var stub = client.authorized(DeliveryServiceGrpc.newBlockingStub(client.channel()));
    return (again ? stub.withWaitForReady() : stub)
        .watchDeliveries(
            WatchDeliveriesRequest.newBuilder()
                .setParent(place.parent())
                .setFilter(filter)
                .setCursor(cursor)
                .build());
  }

  private void show(Client client, WatchDeliveriesResponse told) {
    cursor = told.getCursor();
    if (client.json()) {
      client.printJson(told);
    }
    if (!told.hasDelivery()) {
      return;
    }
    limit--;
    if (!client.json()) {
      client.terminal().out().println(line(told.getDelivery()));
    }
  }

  /** Columns that stay where they are, whatever comes later. */
  private static String line(Delivery delivery) {
    return "%-24s  %s  %-9s  %-9s  %-5s  %3d  %s"
        .formatted(
            Times.text(delivery.getUpdateTime()),
            delivery.getName().substring(delivery.getName().lastIndexOf('/') + 1),
            Times.word(delivery.getState(), "DELIVERY_STATE_"),
            Times.word(delivery.getFeedbackStatus(), "FEEDBACK_STATUS_"),
            Times.word(delivery.getChannel(), "CHANNEL_"),
            delivery.getAttemptCount(),
            delivery.getStateReason())
        .stripTrailing();
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }
}
