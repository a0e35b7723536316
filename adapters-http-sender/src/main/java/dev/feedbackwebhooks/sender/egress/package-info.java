/** Egress: name resolution, the guard that checks and pins resolved addresses, and the proxy. */
@NullMarked
package dev.feedbackwebhooks.sender.egress;

import org.jspecify.annotations.NullMarked;
