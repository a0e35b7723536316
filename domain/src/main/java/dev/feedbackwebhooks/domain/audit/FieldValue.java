package dev.feedbackwebhooks.domain.audit;

/** A field's value as a record may show it. */
public sealed interface FieldValue {
  /** No secret. */
  record Shown(String text) implements FieldValue {}

  /**
   * A secret.
   *
   * @param fingerprint the same for the same secret of the same resource; tells nothing else of it
   */
  record Hidden(String fingerprint) implements FieldValue {}
}
