package dev.feedbackwebhooks.domain.key;

/**
 * Tells whether two secrets are the same, by a keyed hash: without the key nobody can try guesses,
 * however short the secret is.
 */
public interface Fingerprints {
  /**
   * A few hex digits: the same for the same secret of the same resource, as long as the store
   * lives.
   *
   * @param resource full name of what the secret is part of
   */
  String of(String resource, Secret secret);
}
