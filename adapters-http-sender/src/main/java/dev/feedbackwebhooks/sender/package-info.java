/**
 * HTTP adapter: sends POSTs to the endpoints of customers. Shows its module, and settings in http
 * and egress.
 */
@NullMarked
package dev.feedbackwebhooks.sender;

import org.jspecify.annotations.NullMarked;
