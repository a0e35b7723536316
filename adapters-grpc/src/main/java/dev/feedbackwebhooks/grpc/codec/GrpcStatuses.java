package dev.feedbackwebhooks.grpc.codec;

import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.feedbackwebhooks.domain.fault.Failures;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.fault.Violation;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns refusals into statuses with details (AIP-193, proto/README.md). The only place that builds
 * a status.
 */
public final class GrpcStatuses {
  private static final Logger log = LoggerFactory.getLogger(GrpcStatuses.class);
  private static final String DOMAIN = "feedback-webhooks";

  /** A status travels in trailers, of which many clients take no more than 8 KiB. */
  private static final int LONGEST = 300;

  private static final int MOST_TOLD = 16;

  private GrpcStatuses() {}

  public static StatusRuntimeException asStatus(Throwable thrown) {
    Throwable cause = Failures.cause(thrown);
    return switch (cause) {
      case StatusRuntimeException known -> known;
      case Fault fault -> asStatus(fault);
      default -> internal(cause);
    };
  }

  /** Ends a call before a service heard of it. */
  public static void close(ServerCall<?, ?> call, Fault refusal) {
    StatusRuntimeException status = asStatus(refusal);
    Metadata trailers = status.getTrailers();
    try {
      call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    } catch (IllegalStateException _) {
      // It has its status: this is of a request that was already on its way.
    }
  }

  private static StatusRuntimeException asStatus(Fault fault) {
    return switch (fault) {
      case Fault.InvalidFields invalid ->
          status(Code.INVALID_ARGUMENT, invalid, badRequest(invalid.violations()));
      case Fault.NotFound missing -> status(Code.NOT_FOUND, missing, resource(missing.resource()));
      case Fault.AlreadyExists there ->
          status(Code.ALREADY_EXISTS, there, resource(there.resource()));
      case Fault.Stale stale -> status(Code.ABORTED, stale, resource(stale.resource()));
      case Fault.NotNow notNow -> status(Code.FAILED_PRECONDITION, notNow, precondition(notNow));
      case Fault.Unavailable busy -> status(codeOf(busy), busy, retry(busy));
      case Fault.Unauthenticated unknown -> status(Code.UNAUTHENTICATED, unknown);
      case Fault.PermissionDenied denied -> status(Code.PERMISSION_DENIED, denied);
    };
  }

  /** A bug: its caller gets a number to ask about, the log has the rest. */
  private static StatusRuntimeException internal(Throwable bug) {
    String incident = UUID.randomUUID().toString();
    log.atError().addKeyValue("incident", incident).setCause(bug).log("a call failed by a bug");
    ErrorInfo info = info(Reason.INTERNAL).toBuilder().putMetadata("incident", incident).build();
    return build(Code.INTERNAL, "internal error; its incident id is " + incident, info);
  }

  /** An operation that ended because somebody wished it. */
  static Operation cancelled(Operation.Builder operation) {
    return operation
        .setError(
            Status.newBuilder()
                .setCode(Code.CANCELLED.getNumber())
                .setMessage("cancelled: what was queued until then is sent"))
        .build();
  }

  private static Code codeOf(Fault.Unavailable busy) {
    return busy.reason() == Reason.OVERLOADED ? Code.RESOURCE_EXHAUSTED : Code.UNAVAILABLE;
  }

  private static StatusRuntimeException status(Code code, Fault fault, Message... details) {
    Message[] all = new Message[details.length + 1];
    all[0] = info(fault.reason());
    System.arraycopy(details, 0, all, 1, details.length);
    return build(code, fault.text(), all);
  }

  private static StatusRuntimeException build(Code code, String message, Message... details) {
    Status.Builder status =
        Status.newBuilder().setCode(code.getNumber()).setMessage(shortened(message));
    for (Message detail : details) {
      status.addDetails(Any.pack(detail));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  private static ErrorInfo info(Reason reason) {
    return ErrorInfo.newBuilder().setReason(reason.name()).setDomain(DOMAIN).build();
  }

  private static BadRequest badRequest(List<Violation> violations) {
    BadRequest.Builder request = BadRequest.newBuilder();
    for (Violation violation : violations.subList(0, Math.min(MOST_TOLD, violations.size()))) {
      request.addFieldViolations(
          BadRequest.FieldViolation.newBuilder()
              .setField(shortened(violation.field()))
              .setDescription(shortened(violation.description())));
    }
    return request.build();
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  private static ResourceInfo resource(String name) {
    return ResourceInfo.newBuilder().setResourceName(shortened(name)).build();
  }

  private static PreconditionFailure precondition(Fault.NotNow notNow) {
    return PreconditionFailure.newBuilder()
        .addViolations(
            PreconditionFailure.Violation.newBuilder()
                .setType(notNow.reason().name())
                .setSubject(shortened(notNow.subject()))
                .setDescription(shortened(notNow.text())))
        .build();
  }

  private static RetryInfo retry(Fault.Unavailable busy) {
    return RetryInfo.newBuilder().setRetryDelay(TimeCodec.toProto(busy.retryAfter())).build();
  }
}
