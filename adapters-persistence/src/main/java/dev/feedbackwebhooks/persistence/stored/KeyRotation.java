package dev.feedbackwebhooks.persistence.stored;

/**
 * What an exchange of the key that stored secrets are encrypted with did.
 *
 * @param reencrypted configurations whose secrets are encrypted by the new key now
 * @param retired keys that are no longer in the file
 */
public record KeyRotation(int reencrypted, int retired) {}
