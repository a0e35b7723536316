/** The duty to bring one event to one endpoint, and the engine that fulfils it. */
@NullMarked
package dev.feedbackwebhooks.domain.delivery;

import org.jspecify.annotations.NullMarked;
