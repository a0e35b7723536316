@NullMarked
package dev.feedbackwebhooks.domain.event;

import org.jspecify.annotations.NullMarked;
