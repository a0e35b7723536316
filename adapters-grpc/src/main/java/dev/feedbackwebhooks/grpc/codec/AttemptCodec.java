package dev.feedbackwebhooks.grpc.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;
import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.FailedAddress;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.HeaderField;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.Timing;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.proto.v1.AttemptTiming;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** Attempts on the wire. */
public final class AttemptCodec {
  private AttemptCodec() {}

  public static dev.feedbackwebhooks.proto.v1.Attempt toProto(Attempt attempt) {
    var proto =
        dev.feedbackwebhooks.proto.v1.Attempt.newBuilder()
            .setNumber(attempt.number())
            .setStartTime(TimeCodec.toProto(attempt.start()))
            .setDuration(TimeCodec.toProto(attempt.duration()));
    switch (attempt.result()) {
      case AttemptResult.Accepted(int status) ->
          proto
              .setResult(dev.feedbackwebhooks.proto.v1.AttemptResult.ATTEMPT_RESULT_ACCEPTED)
              .setHttpStatus(status);
      case AttemptResult.Retryable(var failure, int status, _, var detail) ->
          proto
              .setResult(dev.feedbackwebhooks.proto.v1.AttemptResult.ATTEMPT_RESULT_RETRYABLE)
              .setFailure(toProto(failure))
              .setHttpStatus(status)
              .setDetail(detail);
      case AttemptResult.Refused(int status, var detail) ->
          proto
              .setResult(dev.feedbackwebhooks.proto.v1.AttemptResult.ATTEMPT_RESULT_REFUSED)
              .setFailure(toProto(AttemptFailure.HTTP_STATUS))
              .setHttpStatus(status)
              .setDetail(detail);
    }
    describe(attempt.detail(), proto);
    if (attempt.next() != null) {
      proto.setNextAttemptTime(TimeCodec.toProto(attempt.next()));
    }
    return proto.build();
  }

  private static dev.feedbackwebhooks.proto.v1.AttemptFailure toProto(AttemptFailure failure) {
    return dev.feedbackwebhooks.proto.v1.AttemptFailure.valueOf(
        "ATTEMPT_FAILURE_" + failure.name());
  }

  private static void describe(
      AttemptDetail detail, dev.feedbackwebhooks.proto.v1.Attempt.Builder proto) {
    proto.setConnectionReused(detail.connectionReused());
    if (detail.address() != null) {
      proto.setRemoteAddress(detail.address());
    }
    if (detail.protocol() != null) {
      proto.setProtocol(detail.protocol());
    }
    if (detail.timing().total() != Timing.ABSENT) {
      proto.setTiming(toProto(detail.timing()));
    }
    detail.failedAddresses().forEach(failed -> proto.addFailedAddresses(toProto(failed)));
    detail.requestHead().forEach(field -> proto.addRequestHeaders(toProto(field)));
    detail.responseHead().forEach(field -> proto.addResponseHeaders(toProto(field)));
    proto
        .setResponseBody(ByteString.copyFrom(detail.responseBody(), ISO_8859_1))
        .setResponseBodyTruncated(detail.responseBodyCut());
  }

  private static dev.feedbackwebhooks.proto.v1.FailedAddress toProto(FailedAddress failed) {
    return dev.feedbackwebhooks.proto.v1.FailedAddress.newBuilder()
        .setAddress(failed.address())
        .setFailure(toProto(failed.failure()))
        .build();
  }

  private static AttemptTiming toProto(Timing timing) {
    AttemptTiming.Builder proto = AttemptTiming.newBuilder();
    ifReached(timing.dns(), proto::setDns);
    ifReached(timing.connect(), proto::setConnect);
    ifReached(timing.tls(), proto::setTls);
    ifReached(timing.firstByte(), proto::setFirstByte);
    ifReached(timing.total(), proto::setTotal);
    return proto.build();
  }

  private static void ifReached(long micros, Consumer<com.google.protobuf.Duration> phase) {
    if (micros != Timing.ABSENT) {
      phase.accept(TimeCodec.toProto(Duration.of(micros, ChronoUnit.MICROS)));
    }
  }

  private static dev.feedbackwebhooks.proto.v1.HeaderField toProto(HeaderField field) {
    return dev.feedbackwebhooks.proto.v1.HeaderField.newBuilder()
        .setName(field.name())
        .setValue(field.value())
        .setMasked(field.masked())
        .build();
  }
}
