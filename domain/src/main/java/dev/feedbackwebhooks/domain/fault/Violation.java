package dev.feedbackwebhooks.domain.fault;

/**
 * One field that breaks one rule.
 *
 * @param field path of the field as the API spells it, for example {@code
 *     webhook_config.header_parameters[1].name}
 * @param description the rule and the way out; never holds a secret
 */
public record Violation(String field, String description) {}
