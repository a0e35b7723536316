/**
 * Rules for where a request may go: address ranges, ports and host names, before a name is resolved
 * and after.
 */
@NullMarked
package dev.feedbackwebhooks.domain.egress;

import org.jspecify.annotations.NullMarked;
