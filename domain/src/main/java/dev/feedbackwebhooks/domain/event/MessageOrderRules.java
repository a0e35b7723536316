package dev.feedbackwebhooks.domain.event;

import dev.feedbackwebhooks.domain.config.DeliverySettings;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** In which order the events of one message to one recipient are to go out. */
final class MessageOrderRules {
  private static final MessageOrder ANY = new MessageOrder.Any();

  private MessageOrderRules() {}

  static MessageOrder turn(FeedbackEvent event, DeliverySettings terms) {
    Duration most = terms.sentFirst();
    if (most == null) {
      return ANY;
    }
    return event.feedback().status() == FeedbackStatus.SENT
        ? new MessageOrder.First(message(event))
        : new MessageOrder.After(message(event), most);
  }

  /** A request has up to 20 recipients, so that its id alone is no message. */
  private static MessageKey message(FeedbackEvent event) {
    List<String> parts = new ArrayList<>();
    parts.add(event.imsOrg());
    parts.add(event.sandbox().name());
    parts.add(event.channel().name());
    parts.add(event.requestId());
    parts.add(event.execution().messageExecutionId());
    event.identityMap().entrySet().stream()
        .flatMap(each -> recipients(each.getKey(), each.getValue()).stream())
        .sorted()
        .forEach(parts::add);
    return MessageKey.of(parts);
  }

  /** The primary recipients of a namespace; all, where none is said to be. */
  private static List<String> recipients(
      String namespace, List<FeedbackEvent.Identity> identities) {
    List<FeedbackEvent.Identity> primary =
        identities.stream().filter(each -> Boolean.TRUE.equals(each.primary())).toList();
    return (primary.isEmpty() ? identities : primary)
        .stream().map(each -> namespace + ":" + each.id()).toList();
  }
}
