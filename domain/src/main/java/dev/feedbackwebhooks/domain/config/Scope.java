package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.audit.AuditedResource;
import dev.feedbackwebhooks.domain.fault.Violations;

/**
 * A customer as this service knows it: an organization and one sandbox of it. Unit of
 * configuration, deduplication and delivery.
 *
 * @param organization 1–128 characters, no slash, white space, control or format character
 * @param sandbox the sandbox's name; same rule
 */
public record Scope(String organization, String sandbox) {
  /** Resource name of this scope, which is the parent of everything in it. */
  public String name() {
    return "organizations/" + organization + "/sandboxes/" + sandbox;
  }

  /** Resource name of this scope's configuration. */
  public String configName() {
    return name() + "/webhookConfig";
  }

  /** Something in this scope, as audit records name it. */
  public AuditedResource audited(String resourceName) {
    return new AuditedResource(organization, sandbox, resourceName);
  }

  /** Adds a violation for each part that breaks the rule of resource names. */
  public void check(Violations violations, String field) {
    violations.resourceId(field, "organization", organization);
    violations.resourceId(field, "sandbox", sandbox);
  }
}
