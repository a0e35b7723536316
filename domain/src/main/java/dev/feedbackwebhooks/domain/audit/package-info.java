/** Who changed what, and when: records that are only ever added. */
@NullMarked
package dev.feedbackwebhooks.domain.audit;

import org.jspecify.annotations.NullMarked;
