/** Secrets and signing keys: parsing, the checks that they must pass, and their fingerprints. */
@NullMarked
package dev.feedbackwebhooks.domain.key;

import org.jspecify.annotations.NullMarked;
