/** TLS to endpoints: trust, strength of certificates, host names (RFC 9525). */
@NullMarked
package dev.feedbackwebhooks.sender.tls;

import org.jspecify.annotations.NullMarked;
