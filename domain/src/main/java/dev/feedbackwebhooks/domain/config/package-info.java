/** A customer's saved wish: where its feedback goes, and how it is authenticated. */
@NullMarked
package dev.feedbackwebhooks.domain.config;

import org.jspecify.annotations.NullMarked;
