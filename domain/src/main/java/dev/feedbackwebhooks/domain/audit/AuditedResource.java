package dev.feedbackwebhooks.domain.audit;

/**
 * The resource that was changed. It may be gone by now.
 *
 * @param organization where it is
 * @param sandbox where it is
 * @param name its full resource name
 */
public record AuditedResource(String organization, String sandbox, String name) {}
