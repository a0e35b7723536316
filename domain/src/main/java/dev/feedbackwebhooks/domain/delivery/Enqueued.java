package dev.feedbackwebhooks.domain.delivery;

/** The queue's answer to a new delivery. */
public sealed interface Enqueued {
  /** It is on disk. */
  record Stored(DeliveryId id) implements Enqueued {}

  /** Its event was stored before, as this delivery; nothing new was. */
  record Duplicate(DeliveryId id) implements Enqueued {}

  /**
   * The store refuses it for what it says, and would again; nothing of it was kept.
   *
   * @param incident what the log tells of it by
   */
  record Refused(String incident) implements Enqueued {}

  /**
   * The store cannot take it, which is the store's fault and none of its own; nothing of it was
   * kept, and the others of its list are not concerned.
   */
  record Failed() implements Enqueued {}
}
