package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.HeaderField;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail.Timing;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.audit.AuditAction;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.ConfigDraft;
import dev.feedbackwebhooks.domain.config.ConfigRules;
import dev.feedbackwebhooks.domain.config.ConfigStatus;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliverySubject;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.egress.AddressRange;
import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.domain.event.FeedbackEvent;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.FailureCategory;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Identity;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageExecution;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageFailure;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageFeedback;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageType;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Sandbox;
import dev.feedbackwebhooks.domain.event.FeedbackStatus;
import dev.feedbackwebhooks.domain.key.Fingerprints;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.JwtKeys;
import dev.feedbackwebhooks.domain.key.KeyTrial;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.key.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values that tests start from. */
public final class Samples {
  public static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
  public static final Scope SCOPE = new Scope("myImsOrg", "prod");
  public static final String CAMPAIGN = "16f24a15-7e21-477c-848a-d5695ca7f137";
  public static final Secret HMAC_KEY = Secret.of("0123456789abcdef0123456789abcdef");

  public static final Actor WHO = new Actor.Token("tester", "https://issuer.example", null);

  /** Of no use to anyone who wants to hide something. */
  public static final Fingerprints FINGERPRINTS =
      (resource, secret) ->
          Integer.toHexString(31 * resource.hashCode() + Arrays.hashCode(secret.reveal()));

  /** Signs nothing: that takes an adapter. */
  public static final KeyTrial TRIAL = _ -> true;

  private Samples() {}

  /** The record of some change, for who must give one. */
  public static AuditEntry entry() {
    return new AuditEntry(
        NOW, WHO, AuditAction.UPDATE_CONFIG, SCOPE.audited(SCOPE.configName()), List.of());
  }

  /** The rules of a service that may reach the loopback besides the public internet. */
  public static ConfigRules rules() {
    return new ConfigRules(
        new EgressPolicy(List.of(AddressRange.parse("127.0.0.0/8"), AddressRange.parse("::1/128"))),
        TRIAL);
  }

  public static ConfigDraft draft() {
    return draft(SCOPE);
  }

  public static ConfigDraft draft(Scope scope) {
    return draft(scope, "https://hooks.example.com/feedback");
  }

  public static ConfigDraft draft(Scope scope, String url) {
    return new ConfigDraft(
        scope, "Feedback", List.of(Channel.EMAIL, Channel.SMS), url, null, List.of(), true);
  }

  /** Of an attempt on a new connection that was answered at length. */
  public static AttemptDetail attemptDetail() {
    return new AttemptDetail(
        new Timing(1_200, 800, Timing.ABSENT, 15_000, 17_500),
        "192.0.2.7:443",
        "h2",
        true,
        List.of(new AttemptDetail.FailedAddress("192.0.2.8:443", AttemptFailure.CONNECT_REFUSED)),
        List.of(
            new HeaderField("host", "example.com", false),
            new HeaderField("authorization", "", true)),
        List.of(new HeaderField("content-type", "text/plain", false)),
        "not \u00ff now\u0000",
        true);
  }

  public static WebhookConfig config() {
    return config(SCOPE);
  }

  /** The same, as its second version, which is disabled. */
  public static WebhookConfig disabledConfig() {
    WebhookConfig config = config();
    return new WebhookConfig(
        config.id(),
        2,
        config.scope(),
        config.displayName(),
        config.channels(),
        config.url(),
        config.authentication(),
        config.headers(),
        new ConfigStatus.Disabled(),
        config.createTime(),
        config.updateTime());
  }

  public static WebhookConfig config(Scope scope) {
    return new WebhookConfig(
        4711,
        1,
        scope,
        "Feedback",
        Set.of(Channel.EMAIL, Channel.SMS),
        new EndpointUrl(
            "https://hooks.example.com/feedback", "hooks.example.com", 443, "/feedback"),
        new EndpointAuth.None(),
        List.of(),
        new ConfigStatus.Active(),
        NOW,
        NOW);
  }

  /** The sample configuration with everything that can be set. */
  public static WebhookConfig fullConfig(Scope scope) {
    return new WebhookConfig(
        4712,
        3,
        scope,
        "Rückmeldung 📨",
        Set.of(Channel.SMS),
        new EndpointUrl(
            "https://hooks.example.com:8443/a?b=c", "hooks.example.com", 8443, "/a?b=c"),
        jwt(),
        List.of(
            new HeaderParameter("x-tenant", Secret.of("blue"), false),
            new HeaderParameter("x-api-key", Secret.of("s3cr3t-value"), true)),
        new ConfigStatus.DisabledByEndpoint(NOW.plusSeconds(60)),
        NOW,
        NOW.plusSeconds(60));
  }

  public static EndpointAuth.Jwt jwt() {
    return new EndpointAuth.Jwt(
        JwtKeys.of(new JwtKey(JwtAlgorithm.HS256, new SigningKey(HMAC_KEY), "key-1")),
        new EndpointAuth.RegisteredClaims("feedback", "myImsOrg", "https://hooks.example.com"),
        Duration.ofMinutes(5),
        false,
        Map.of("tier", "gold", "level", 3L, "nested", Map.of("on", true)));
  }

  /** The event whose payload is the documented sample. */
  public static FeedbackEvent event() {
    return event("e-1");
  }

  public static FeedbackEvent event(String eventId) {
    return new FeedbackEvent(
        eventId,
        NOW,
        "8NoByJneShCdCGRnrGS1t1m3CdA73dhR",
        SCOPE.organization(),
        new Sandbox("068abf40-575e-11ea-8512-9b1bfdb82603", SCOPE.sandbox()),
        Channel.EMAIL,
        new MessageExecution(
            "HUMA-26362805",
            MessageType.TRANSACTIONAL,
            CAMPAIGN,
            "2ca10c10-56dd-4505-87cd-fa5da84e7a5d"),
        new MessageFeedback(
            FeedbackStatus.BOUNCE,
            List.of(),
            null,
            new MessageFailure(FailureCategory.SYNC, "Ignored", "25", "Admin Failure"),
            0),
        Map.of("email", List.of(new Identity("john.doe@luma.com", true))));
  }

  public static NewDelivery delivery(Scope scope, long id, String eventId) {
    return new NewDelivery(
        new DeliveryId(id),
        scope,
        config().id(),
        subject(eventId),
        List.of("john.doe@luma.com", eventId + "@luma.com"),
        payload(eventId));
  }

  public static DeliverySubject subject(String eventId) {
    return new DeliverySubject(
        eventId, NOW, "request-1", "execution-1", Channel.EMAIL, CAMPAIGN, "bounce");
  }

  public static Payload payload(String text) {
    return Payload.of(("{\"event\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8));
  }
}
