package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.util.Set;

/** What was acknowledged and does not arrive: late, if the server still lists it, or lost. */
final class Missing {
  /** Of events that are missing, no more are looked up than this. */
  private static final int LOOKED_UP = 20;

  private Missing() {}

  static void tell(Oracle oracle, Set<String> promised, ServerProcess server, RigException late) {
    ManagedChannel channel =
        Grpc.newChannelBuilder(server.grpc(), InsecureChannelCredentials.create()).build();
    try {
      for (String id :
          promised.stream().filter(oracle.undelivered()::contains).limit(LOOKED_UP).toList()) {
        var listed =
            DeliveryServiceGrpc.newBlockingStub(channel)
                .listDeliveries(
                    ListDeliveriesRequest.newBuilder()
                        .setParent(Events.PARENT)
                        .setFilter("request_id = \"" + id + "\"")
                        .build())
                .getDeliveriesList();
        oracle.broken(
            id,
            listed.isEmpty()
                ? "was acknowledged and is LOST: neither delivered nor listed"
                : "is listed as "
                    + listed.getFirst().getState()
                    + " and does not arrive: "
                    + late.getMessage());
      }
    } finally {
      channel.shutdownNow();
    }
  }
}
