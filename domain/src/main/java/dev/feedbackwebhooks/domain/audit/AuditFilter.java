package dev.feedbackwebhooks.domain.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which records to list; a null part means any.
 *
 * @param resource full name of what was changed
 * @param from inclusive
 * @param before exclusive
 */
public record AuditFilter(
    @Nullable String organization,
    @Nullable String sandbox,
    @Nullable String resource,
    @Nullable Instant from,
    @Nullable Instant before) {}
