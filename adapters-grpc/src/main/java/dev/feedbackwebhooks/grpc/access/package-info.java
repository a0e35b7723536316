/**
 * Authentication and authorization of callers: tokens, client certificates, and the scope that each
 * call needs.
 */
@NullMarked
package dev.feedbackwebhooks.grpc.access;

import org.jspecify.annotations.NullMarked;
