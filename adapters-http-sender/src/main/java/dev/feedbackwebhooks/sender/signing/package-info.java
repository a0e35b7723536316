/** Authentication of requests: JSON Web Tokens, webhook signatures, and published keys. */
@NullMarked
package dev.feedbackwebhooks.sender.signing;

import org.jspecify.annotations.NullMarked;
