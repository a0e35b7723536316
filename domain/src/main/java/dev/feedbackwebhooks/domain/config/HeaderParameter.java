package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.key.Secret;

/**
 * An extra header of every POST.
 *
 * @param value held as a secret whether or not it is one, so that no log prints it by accident
 * @param sensitive whether the value is a secret: encrypted at rest and never read back
 */
public record HeaderParameter(String name, Secret value, boolean sensitive) {}
