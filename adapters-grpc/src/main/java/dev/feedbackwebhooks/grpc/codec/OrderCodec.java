package dev.feedbackwebhooks.grpc.codec;

import com.google.protobuf.util.Durations;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.proto.v1.DeliveryOrder;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The order in which a message's events are sent, on the wire. */
final class OrderCodec {
  private static final Duration USUAL_WAIT = Duration.ofMinutes(1);

  private OrderCodec() {}

  /** The time that a final status waits for its {@code sent}; null for not at all. */
  static @Nullable Duration wait(WebhookConfig config, Violations violations) {
    return switch (config.getOrder()) {
      case DELIVERY_ORDER_UNSPECIFIED, DELIVERY_ORDER_NONE -> null;
      case DELIVERY_ORDER_SENT_FIRST ->
          config.hasOrderWait() ? wait(config.getOrderWait(), violations) : USUAL_WAIT;
      case UNRECOGNIZED -> {
        violations.add("webhook_config.order", "is not known: give one of DeliveryOrder");
        yield null;
      }
    };
  }

  private static @Nullable Duration wait(com.google.protobuf.Duration wait, Violations violations) {
    if (!Durations.isValid(wait)) {
      violations.add("webhook_config.order_wait", "is no valid duration");
      return null;
    }
    return Duration.ofMillis(Durations.toMillis(wait));
  }

  static void write(@Nullable Duration wait, WebhookConfig.Builder config) {
    if (wait == null) {
      config.setOrder(DeliveryOrder.DELIVERY_ORDER_NONE);
    } else {
      config
          .setOrder(DeliveryOrder.DELIVERY_ORDER_SENT_FIRST)
          .setOrderWait(TimeCodec.toProto(wait));
    }
  }
}
