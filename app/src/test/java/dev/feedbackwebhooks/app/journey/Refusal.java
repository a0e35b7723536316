package dev.feedbackwebhooks.app.journey;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A refused call, taken apart. */
record Refusal(Code code, String reason, List<String> fields, Status status) {
  static Refusal of(Supplier<?> call) {
    try {
      Object response = call.get();
      throw new AssertionError("not refused, but answered with " + response);
    } catch (StatusRuntimeException e) {
      return of(e);
    }
  }

  static Refusal of(StatusRuntimeException e) {
    Status status = StatusProto.fromThrowable(e);
    if (status == null) {
      throw new AssertionError("no details", e);
    }
    ErrorInfo info = detail(status, ErrorInfo.class).orElse(ErrorInfo.getDefaultInstance());
    List<String> fields =
        detail(status, BadRequest.class).stream()
            .flatMap(request -> request.getFieldViolationsList().stream())
            .map(BadRequest.FieldViolation::getField)
            .toList();
    return new Refusal(e.getStatus().getCode(), info.getReason(), fields, status);
  }

  static <T extends Message> Optional<T> detail(Status status, Class<T> type) {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(type)) {
        try {
          return Optional.of(detail.unpack(type));
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
    }
    return Optional.empty();
  }
}
