package dev.feedbackwebhooks.cli;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.feedbackwebhooks.cli.terminal.TerminalOutput;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** Says what the server refused, and by which rule: field by field, where it says so. */
final class Refusals {
  private static final int UNREACHABLE = 3;

  private Refusals() {}

  /** Answers the status to end with: 1 for a refusal, 3 if the server cannot be asked. */
  static int tell(StatusRuntimeException refusal, TerminalOutput err) {
    String description = refusal.getStatus().getDescription();
    err.println(
        "feedback-webhooks: "
            + refusal.getStatus().getCode()
            + (description == null ? "" : ": " + description));
    Status status = StatusProto.fromThrowable(refusal);
    if (status != null) {
      status.getDetailsList().forEach(detail -> tell(detail, err));
    }
    return switch (refusal.getStatus().getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> UNREACHABLE;
      default -> ServerCommand.REFUSED;
    };
  }

  private static void tell(Any detail, TerminalOutput err) {
    try {
      if (detail.is(BadRequest.class)) {
        for (var violation : detail.unpack(BadRequest.class).getFieldViolationsList()) {
          err.println("  " + violation.getField() + ": " + violation.getDescription());
        }
      } else if (detail.is(RetryInfo.class)) {
        err.println(
            "  try again in " + detail.unpack(RetryInfo.class).getRetryDelay().getSeconds() + " s");
      }
    } catch (InvalidProtocolBufferException _) {
      // The line above says it in short.
    }
  }
}
