/** Figures only: what the service does a second, beside what the wire and the disk would allow. */
@NullMarked
package dev.feedbackwebhooks.bench;

import org.jspecify.annotations.NullMarked;
