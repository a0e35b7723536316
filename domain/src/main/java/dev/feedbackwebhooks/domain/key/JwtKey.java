package dev.feedbackwebhooks.domain.key;

import org.jspecify.annotations.Nullable;

/**
 * A key that signs tokens.
 *
 * @param id the tokens' {@code kid}, which tells receivers the key (RFC 7515 section 4.1.4); null
 *     for none
 */
public record JwtKey(JwtAlgorithm algorithm, SigningKey key, @Nullable String id) {
  /** Whether it signs alike, under whatever id. */
  boolean signsLike(JwtKey other) {
    return algorithm == other.algorithm && key.equals(other.key);
  }

  /** Whether receivers who know both can tell which one signed. */
  public boolean canBeToldFrom(JwtKey other) {
    return id != null && other.id != null && !id.equals(other.id);
  }
}
