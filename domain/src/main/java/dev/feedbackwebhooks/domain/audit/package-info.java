/** Audit records: who changed what, and when. They are only ever added. */
@NullMarked
package dev.feedbackwebhooks.domain.audit;

import org.jspecify.annotations.NullMarked;
