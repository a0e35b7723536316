package dev.feedbackwebhooks.grpc.codec;

import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import dev.feedbackwebhooks.grpc.query.DeliveryFilterText;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesMetadata;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesResponse;
import dev.feedbackwebhooks.proto.v1.ReplaySkipReason;
import dev.feedbackwebhooks.proto.v1.ReplaySkips;
import dev.feedbackwebhooks.proto.v1.ReplayState;
import java.util.List;
import java.util.Map;

/** Replays as operations on the wire. */
public final class ReplayCodec {
  private static final int USUAL_PER_SECOND = 100;

  private ReplayCodec() {}

  public static ReplayPlan plan(ReplayDeliveriesRequest request) {
    int perSecond = request.getMaxPerSecond();
    return new ReplayPlan(
        request.getFilter(),
        DeliveryFilterText.read(request.getFilter()),
        perSecond == 0 ? USUAL_PER_SECOND : perSecond,
        request.getRequestId());
  }

  /** An operation that was none: what it would have come to. */
  public static Operation toProto(ReplayTally survey) {
    return Operation.newBuilder().setDone(true).setResponse(Any.pack(response(survey))).build();
  }

  public static Operation toProto(Replay replay) {
    Operation.Builder operation =
        Operation.newBuilder()
            .setName(replay.name())
            .setMetadata(Any.pack(metadata(replay)))
            .setDone(replay.over());
    return switch (replay.state()) {
      case RUNNING -> operation.build();
      case SUCCEEDED -> operation.setResponse(Any.pack(response(replay.tally()))).build();
      case CANCELLED -> GrpcStatuses.cancelled(operation);
    };
  }

  private static ReplayDeliveriesMetadata metadata(Replay replay) {
    ReplayDeliveriesMetadata.Builder metadata =
        ReplayDeliveriesMetadata.newBuilder()
            .setParent(replay.scope().name())
            .setFilter(replay.plan().text())
            .setMaxPerSecond(replay.plan().perSecond())
            .setState(ReplayState.valueOf("REPLAY_STATE_" + replay.state().name()))
            .setMatched(replay.tally().matched())
            .setReplayed(replay.tally().replayed())
            .setSkipped(replay.tally().skipped())
            .addAllSkips(skips(replay.tally()))
            .setCreateTime(TimeCodec.toProto(replay.createTime()))
            .setUpdateTime(TimeCodec.toProto(replay.updateTime()));
    if (replay.endTime() != null) {
      metadata.setEndTime(TimeCodec.toProto(replay.endTime()));
    }
    return metadata.build();
  }

  private static ReplayDeliveriesResponse response(ReplayTally tally) {
    return ReplayDeliveriesResponse.newBuilder()
        .setMatched(tally.matched())
        .setReplayed(tally.replayed())
        .setSkipped(tally.skipped())
        .addAllSkips(skips(tally))
        .build();
  }

  private static List<ReplaySkips> skips(ReplayTally tally) {
    return tally.skips().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> skips(each.getKey(), each.getValue()))
        .toList();
  }

  private static ReplaySkips skips(ReplaySkip reason, long count) {
    return ReplaySkips.newBuilder()
        .setReason(ReplaySkipReason.valueOf("REPLAY_SKIP_REASON_" + reason.name()))
        .setCount(count)
        .build();
  }
}
