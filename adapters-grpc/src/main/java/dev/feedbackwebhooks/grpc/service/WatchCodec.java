package dev.feedbackwebhooks.grpc.service;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.grpc.codec.DeliveryCodec;
import dev.feedbackwebhooks.grpc.query.CursorSeal;
import dev.feedbackwebhooks.grpc.query.DeliveryFilterText;
import dev.feedbackwebhooks.grpc.query.ListToken;
import dev.feedbackwebhooks.grpc.query.ResourceNames;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages of those who watch deliveries. */
public final class WatchCodec {
  private final CursorSeal seal;

  public WatchCodec(CursorSeal seal) {
    this.seal = seal;
  }

  /**
   * @throws Fault.InvalidFields for what the request has wrong
   */
  WatchCall.Request toDomain(WatchDeliveriesRequest request) {
    Scope scope = ResourceNames.parent(request.getParent());
    return new WatchCall.Request(
        scope,
        DeliveryFilterText.read(request.getFilter()),
        request.getCursor().isEmpty() ? null : cursor(scope, request.getCursor()));
  }

  private ChangeCursor cursor(Scope scope, String text) {
    Optional<ChangeCursor> cursor = seal.open(list(scope), text).flatMap(ChangeCursor::parse);
    if (cursor.isPresent()) {
      return cursor.get();
    }
    if (ListToken.read(list(scope), text).isPresent()) {
      // Not followed: who made one up could find out by trial how far the database has come.
      throw new Fault.NotNow(
          Reason.CURSOR_EXPIRED,
          "cursor",
          "an earlier version gave it out: watch without one, then list the deliveries");
    }
    throw Fault.InvalidFields.of(
        Reason.INVALID_CURSOR,
        "cursor",
        "is not one that watching this parent gave out: repeat the parent, or leave it empty");
  }

  /**
   * @param delivery null if only the cursor moved
   */
  WatchDeliveriesResponse toProto(Scope scope, @Nullable Delivery delivery, ChangeCursor cursor) {
    WatchDeliveriesResponse.Builder response =
        WatchDeliveriesResponse.newBuilder().setCursor(seal.seal(list(scope), cursor.text()));
    if (delivery != null) {
      response.setDelivery(DeliveryCodec.toProto(delivery));
    }
    return response.build();
  }

  /** Not the filter: another one may go on at the same place. */
  private static String list(Scope scope) {
    return "changes " + scope.name();
  }
}
