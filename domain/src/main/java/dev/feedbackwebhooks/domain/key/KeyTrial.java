package dev.feedbackwebhooks.domain.key;

/** A trial of a key pair before it is saved: makes one signature and verifies it. */
public interface KeyTrial {
  /**
   * Whether the key signed, and the signature was verified, in bounded time.
   *
   * @param key of an algorithm that signs with a private key
   */
  boolean passes(JwtKey key);
}
