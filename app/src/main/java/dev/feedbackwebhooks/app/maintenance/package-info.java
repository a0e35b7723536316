/** Commands that work on a database beside its server, or without one. */
@NullMarked
package dev.feedbackwebhooks.app.maintenance;

import org.jspecify.annotations.NullMarked;
