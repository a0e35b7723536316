package dev.feedbackwebhooks.grpc.codec;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;

/** The protocol's times. */
public final class TimeCodec {
  private TimeCodec() {}

  public static Timestamp toProto(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  public static com.google.protobuf.Duration toProto(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
