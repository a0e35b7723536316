package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.key.KeyTrial;
import dev.feedbackwebhooks.domain.key.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules that a configuration keeps. All that a draft breaks are told at once. */
public final class ConfigRules {
  private static final int MAX_DISPLAY_NAME = 100;
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final EgressPolicy egress;
  private final KeyTrial trial;

  /**
   * @param trial of the private keys that are given
   */
  public ConfigRules(EgressPolicy egress, KeyTrial trial) {
    this.egress = egress;
    this.trial = trial;
  }

  /**
   * @throws Fault.InvalidFields if the draft breaks a rule
   */
  WebhookConfig newConfig(ConfigDraft draft, long id, Instant now) {
    return check(draft, null, id, 1, now, now);
  }

  /**
   * @throws Fault.InvalidFields if the draft breaks a rule
   */
  WebhookConfig changedConfig(WebhookConfig stored, ConfigDraft draft, Instant now) {
    return check(draft, stored, stored.id(), stored.version() + 1, stored.createTime(), now);
  }

  private WebhookConfig check(
      ConfigDraft draft,
      @Nullable WebhookConfig stored,
      long id,
      long version,
      Instant createTime,
      Instant updateTime) {
    Violations violations = new Violations();
    draft.scope().check(violations, stored == null ? "parent" : "webhook_config.name");
    checkDisplayName(draft.displayName(), violations);
    Set<Channel> channels = channels(draft.channels(), violations);
    EndpointUrl url = url(draft, stored, violations);
    EndpointAuth auth = authentication(draft, stored, updateTime, violations);
    List<HeaderParameter> headers =
        new HeaderRules(violations, "webhook_config.header_parameters")
            .check(draft.headers(), draft.authentication() != null, HeaderRules.of(stored));
    DeliverySettings terms = terms(draft, stored, updateTime, violations);
    if (url == null || auth == null || !violations.none()) {
      throw new Fault.InvalidFields(violations.all());
    }
    return new WebhookConfig(
        id,
        version,
        draft.scope(),
        draft.displayName(),
        channels,
        url,
        auth,
        headers,
        terms,
        draft.enabled() ? new ConfigStatus.Active() : disabled(stored),
        createTime,
        updateTime);
  }

  /** What is stored was checked by the rules of its time; each connection is checked anyway. */
  private @Nullable EndpointUrl url(
      ConfigDraft draft, @Nullable WebhookConfig stored, Violations violations) {
    return stored != null && stored.url().text().equals(draft.url())
        ? stored.url()
        : new EndpointUrlRules(egress, violations, "webhook_config.url").check(draft.url());
  }

  private static void checkDisplayName(String name, Violations violations) {
    String field = "webhook_config.display_name";
    violations.length(field, name, 1, MAX_DISPLAY_NAME);
    violations.plain(field, name);
    violations.require(
        name.isEmpty() || !name.isBlank(), field, "may not be blank: give it a name to know it by");
  }

  private static Set<Channel> channels(List<Channel> given, Violations violations) {
    String field = "webhook_config.channels";
    EnumSet<Channel> channels = EnumSet.noneOf(Channel.class);
    channels.addAll(given);
    violations.require(
        !given.isEmpty(), field, "is required: give CHANNEL_EMAIL, CHANNEL_SMS or both");
    violations.require(given.size() == channels.size(), field, "names a channel twice");
    return channels;
  }

  private @Nullable EndpointAuth authentication(
      ConfigDraft draft, @Nullable WebhookConfig stored, Instant now, Violations violations) {
    if (draft.authentication() == null) {
      return new EndpointAuth.None();
    }
    EndpointAuth before = stored == null ? new EndpointAuth.None() : stored.authentication();
    return new JwtRules(trial, violations, "webhook_config.jwt")
        .check(draft.authentication(), before, now);
  }

  private static DeliverySettings terms(
      ConfigDraft draft, @Nullable WebhookConfig stored, Instant now, Violations violations) {
    Secret secret = draft.terms().signing();
    Duration wait = draft.terms().sentFirst();
    violations.require(
        wait == null
            || (wait.compareTo(SHORTEST_WAIT) >= 0
                && wait.compareTo(LONGEST_WAIT) <= 0
                && wait.equals(Duration.ofSeconds(wait.toSeconds()))),
        "webhook_config.order_wait",
        "must be 1 s to 3600 s, in whole seconds");
    Signing before = stored == null ? null : stored.terms().signing();
    return new DeliverySettings(
        secret == null ? null : new SigningRules(violations).check(secret, before, now),
        draft.terms().payload(),
        wait);
  }

  /** A configuration that is disabled keeps the reason for it. */
  private static ConfigStatus disabled(@Nullable WebhookConfig stored) {
    return stored == null || stored.status().active()
        ? new ConfigStatus.Disabled()
        : stored.status();
  }
}
