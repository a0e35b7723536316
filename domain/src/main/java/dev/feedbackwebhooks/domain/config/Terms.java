package dev.feedbackwebhooks.domain.config;

import org.jspecify.annotations.Nullable;

/**
 * What a configuration asks for besides where its POSTs go and who may send them.
 *
 * @param signing null where POSTs carry no signature
 */
public record Terms(@Nullable Signing signing, PayloadVersion payload) {
  /** Those of a configuration that asks for nothing. */
  public static final Terms NONE = new Terms(null, PayloadVersion.V1);
}
