package dev.feedbackwebhooks.grpc.codec;

import dev.feedbackwebhooks.domain.delivery.DeliveryStats;
import dev.feedbackwebhooks.domain.delivery.Latencies;
import dev.feedbackwebhooks.proto.v1.LatencyPercentile;

/** Counts of deliveries on the wire. */
public final class StatsCodec {
  private static final double[] PERCENTILES = {50, 90, 95, 99, 99.9};

  private StatsCodec() {}

  public static dev.feedbackwebhooks.proto.v1.DeliveryStats toProto(
      String name, DeliveryStats stats) {
    var proto =
        dev.feedbackwebhooks.proto.v1.DeliveryStats.newBuilder()
            .setName(name)
            .setAccepted(stats.accepted())
            .setWaiting(stats.waiting())
            .setHeld(stats.held())
            .setDelivered(stats.delivered())
            .setExhausted(stats.exhausted())
            .setRefused(stats.refused())
            .setCancelled(stats.cancelled());
    if (stats.earliestDue() != null) {
      proto.setEarliestDueTime(TimeCodec.toProto(stats.earliestDue()));
    }
    addLatency(stats.latency(), proto);
    return proto.build();
  }

  private static void addLatency(
      Latencies latency, dev.feedbackwebhooks.proto.v1.DeliveryStats.Builder proto) {
    if (latency.count() == 0) {
      return;
    }
    for (double percentile : PERCENTILES) {
      proto.addLatency(
          LatencyPercentile.newBuilder()
              .setPercentile(percentile)
              .setDuration(TimeCodec.toProto(latency.percentile(percentile / 100))));
    }
  }
}
