package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.audit.AuditAction;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.FieldChange;
import dev.feedbackwebhooks.domain.key.Fingerprints;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the audit entries of a configuration's changes. */
final class ConfigAudit {
  private final Fingerprints fingerprints;

  ConfigAudit(Fingerprints fingerprints) {
    this.fingerprints = fingerprints;
  }

  AuditEntry created(Actor who, WebhookConfig config) {
    return entry(who, AuditAction.CREATE_CONFIG, config.scope(), null, config, config.createTime());
  }

  AuditEntry updated(Actor who, WebhookConfig before, WebhookConfig after) {
    return entry(who, AuditAction.UPDATE_CONFIG, after.scope(), before, after, after.updateTime());
  }

  AuditEntry disabled(WebhookConfig before, WebhookConfig after) {
    Actor who = new Actor.Service();
    return entry(who, AuditAction.DISABLE_CONFIG, after.scope(), before, after, after.updateTime());
  }

  AuditEntry deleted(Actor who, WebhookConfig config, Instant at) {
    return entry(who, AuditAction.DELETE_CONFIG, config.scope(), config, null, at);
  }

  /**
   * A header that is a secret now may have held the same value when it was none, or the reverse.
   */
  private AuditEntry entry(
      Actor who,
      AuditAction action,
      Scope scope,
      @Nullable WebhookConfig before,
      @Nullable WebhookConfig after,
      Instant at) {
    Set<String> sensitive = new HashSet<>(ConfigFields.sensitiveHeaders(before));
    sensitive.addAll(ConfigFields.sensitiveHeaders(after));
    return new AuditEntry(
        at,
        who,
        action,
        scope.audited(scope.configName()),
        FieldChange.between(
            ConfigFields.of(before, sensitive, fingerprints),
            ConfigFields.of(after, sensitive, fingerprints)));
  }
}
