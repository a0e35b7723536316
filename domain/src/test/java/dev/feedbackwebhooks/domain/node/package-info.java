@NullMarked
package dev.feedbackwebhooks.domain.node;

import org.jspecify.annotations.NullMarked;
