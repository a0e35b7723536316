package dev.feedbackwebhooks.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was promised and what came of it, known from outside alone: what a client was answered, and
 * what an endpoint got. Any thread may tell it something.
 */
final class Oracle {
  /** What the client knows of an event. */
  private enum Answer {
    /** Sent, and no answer came: it may be delivered or not. */
    IN_DOUBT,
    /** ACCEPTED, or DUPLICATE of one that was in doubt: it must be delivered. */
    ACKNOWLEDGED,
    /** REJECTED or SKIPPED: it must not be delivered. */
    REFUSED
  }

  private static final class Event {
    Answer answer = Answer.IN_DOUBT;
    @Nullable String webhookId;
    int bodyHash;
    int arrivals;
    int taken;
  }

  /** Figures so far. */
  record Count(
      int sent, int acknowledged, int refused, int delivered, int doubled, int inDoubtDelivered) {
    Count plus(Count other) {
      return new Count(
          sent + other.sent,
          acknowledged + other.acknowledged,
          refused + other.refused,
          delivered + other.delivered,
          doubled + other.doubled,
          inDoubtDelivered + other.inDoubtDelivered);
    }
  }

  private final Map<String, Event> events = new HashMap<>();
  private final Map<String, String> eventOfWebhook = new HashMap<>();
  private final Set<String> undelivered = new HashSet<>();
  private final List<String> broken = new ArrayList<>();

  /** To be called before the first byte of it leaves. */
  synchronized void sent(String eventId) {
    var _ = events.computeIfAbsent(eventId, _ -> new Event());
  }

  /** The client was promised its delivery. */
  synchronized void accepted(String eventId, String webhookId) {
    acknowledged(eventId, webhookId);
  }

  /** It is known already: true only of one that was sent before and not answered. */
  synchronized void duplicate(String eventId, String webhookId, boolean sentBefore) {
    if (!sentBefore) {
      broken(eventId, "was called a duplicate when it was sent for the first time");
    }
    acknowledged(eventId, webhookId);
  }

  private void acknowledged(String eventId, String webhookId) {
    Event event = known(eventId);
    if (event.answer == Answer.ACKNOWLEDGED) {
      broken(eventId, "was answered a second time");
    }
    event.answer = Answer.ACKNOWLEDGED;
    webhook(eventId, event, webhookId);
    if (event.taken == 0) {
      undelivered.add(eventId);
    }
  }

  synchronized void refused(String eventId) {
    Event event = known(eventId);
    event.answer = Answer.REFUSED;
    if (event.arrivals > 0) {
      broken(eventId, "was refused and yet delivered");
    }
  }

  /**
   * A POST came.
   *
   * @param taken whether it is answered by 2xx
   */
  synchronized void arrived(String eventId, String webhookId, byte[] body, boolean taken) {
    Event event = events.get(eventId);
    if (event == null) {
      broken(eventId, "was delivered and never sent");
      return;
    }
    if (event.answer == Answer.REFUSED) {
      broken(eventId, "was refused and yet delivered");
    }
    int hash = Arrays.hashCode(body);
    if (event.arrivals > 0 && event.bodyHash != hash) {
      broken(eventId, "came with two bodies, webhook-id " + webhookId);
    }
    event.bodyHash = hash;
    event.arrivals++;
    event.taken += taken ? 1 : 0;
    webhook(eventId, event, webhookId);
    if (taken) {
      undelivered.remove(eventId);
    }
  }

  private void webhook(String eventId, Event event, String webhookId) {
    if (event.webhookId != null && !event.webhookId.equals(webhookId)) {
      broken(eventId, "has two webhook-ids, " + event.webhookId + " and " + webhookId);
    }
    event.webhookId = webhookId;
    String other = eventOfWebhook.putIfAbsent(webhookId, eventId);
    if (other != null && !other.equals(eventId)) {
      broken(eventId, "shares its webhook-id " + webhookId + " with " + other);
    }
  }

  private Event known(String eventId) {
    Event event = events.get(eventId);
    if (event == null) {
      broken(eventId, "was answered and never sent");
      return new Event();
    }
    return event;
  }

  synchronized void broken(String eventId, String what) {
    broken.add(eventId + " " + what);
  }

  /** What was acknowledged and is not delivered yet. */
  synchronized Set<String> undelivered() {
    return Set.copyOf(undelivered);
  }

  /** How many of these are not delivered yet. */
  synchronized int missing(Set<String> of) {
    return (int) of.stream().filter(undelivered::contains).count();
  }

  /** Promises that were broken, each naming its event. */
  synchronized List<String> broken() {
    return List.copyOf(broken);
  }

  synchronized Count count() {
    int acknowledged = 0;
    int refused = 0;
    int delivered = 0;
    int doubled = 0;
    int inDoubt = 0;
    for (Event event : events.values()) {
      acknowledged += event.answer == Answer.ACKNOWLEDGED ? 1 : 0;
      refused += event.answer == Answer.REFUSED ? 1 : 0;
      delivered += event.taken > 0 ? 1 : 0;
      doubled += event.taken > 1 ? 1 : 0;
      inDoubt += event.answer == Answer.IN_DOUBT && event.taken > 0 ? 1 : 0;
    }
    return new Count(events.size(), acknowledged, refused, delivered, doubled, inDoubt);
  }
}
