/** The HTTP client: connections, HTTP/1.1 and HTTP/2, and one exchange from request to result. */
@NullMarked
package dev.feedbackwebhooks.sender.http;

import org.jspecify.annotations.NullMarked;
