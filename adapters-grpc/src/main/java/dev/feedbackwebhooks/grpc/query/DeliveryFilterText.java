package dev.feedbackwebhooks.grpc.query;

import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the filter that deliveries are listed by. */
public final class DeliveryFilterText {
  private static final String FORM =
      "give comparisons like state = EXHAUSTED AND create_time >= \"2026-11-24T09:00:00Z\"; the"
          + " fields are state, channel, campaign, request_id, execution_id, recipient and create_time";

  private static final Set<String> FIELDS =
      Set.of("state", "channel", "campaign", "request_id", "execution_id", "recipient");

  private DeliveryFilterText() {}

  /**
   * @throws dev.feedbackwebhooks.domain.fault.Fault.InvalidFields for what it does not understand
   */
  public static DeliveryFilter read(String filter) {
    FilterText text = FilterText.read(filter, FIELDS, FORM);
    return new DeliveryFilter(
        constant(text, DeliveryState.class, "state", "DELIVERY_STATE_"),
        constant(text, Channel.class, "channel", "CHANNEL_"),
        text.equal("campaign"),
        text.equal("request_id"),
        text.equal("execution_id"),
        text.equal("recipient"),
        text.from(),
        text.before());
  }

  private static <E extends Enum<E>> @Nullable E constant(
      FilterText filter, Class<E> type, String field, String prefix) {
    String text = filter.equal(field);
    if (text == null) {
      return null;
    }
    String name = text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            FilterText.refusal(
                "has an unknown "
                    + field
                    + ": give one of "
                    + Arrays.toString(type.getEnumConstants())));
  }
}
