package dev.feedbackwebhooks.grpc.codec;

import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.ConfigDraft;
import dev.feedbackwebhooks.domain.config.ConfigDraft.HeaderDraft;
import dev.feedbackwebhooks.domain.config.ConfigDraft.JwtDraft;
import dev.feedbackwebhooks.domain.config.ConfigDraft.TermsDraft;
import dev.feedbackwebhooks.domain.config.ConfigStatus;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.config.PayloadVersion;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.proto.v1.NoAuthentication;
import dev.feedbackwebhooks.proto.v1.WebhookConfigState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Configurations on the wire. What goes out never holds a secret. */
public final class ConfigCodec {
  private ConfigCodec() {}

  /**
   * The draft that a message says.
   *
   * @throws dev.feedbackwebhooks.domain.fault.Fault.InvalidFields for what no draft can hold
   */
  public static ConfigDraft toDraft(
      Scope scope, dev.feedbackwebhooks.proto.v1.WebhookConfig config) {
    Violations violations = new Violations();
    List<Channel> channels = channels(config, violations);
    PayloadVersion version = version(config, violations);
    JwtDraft jwt = config.hasJwt() ? JwtCodec.toDraft(config.getJwt(), violations) : null;
    Duration wait = OrderCodec.wait(config, violations);
    violations.refuseIfAny();
    return new ConfigDraft(
        scope,
        config.getDisplayName(),
        channels,
        config.getUrl(),
        jwt,
        config.getHeaderParametersList().stream()
            .map(header ->
                new HeaderDraft(header.getName(), header.getValue(), header.getSensitive()))
            .toList(),
        new TermsDraft(
            config.hasSigning() ? Secret.of(config.getSigning().getSecret()) : null, version, wait),
        !config.hasEnabled() || config.getEnabled());
  }

  public static dev.feedbackwebhooks.proto.v1.WebhookConfig toProto(WebhookConfig config) {
    var proto =
        dev.feedbackwebhooks.proto.v1.WebhookConfig.newBuilder()
            .setName(config.scope().configName())
            .setDisplayName(config.displayName())
            .setUrl(config.url().text())
            .setPayloadVersion(toProto(config.terms().payload()))
            .setEnabled(config.status().active())
            .setState(state(config.status()))
            .setStateReason(reason(config.status()))
            .setEtag(config.etag())
            .setCreateTime(TimeCodec.toProto(config.createTime()))
            .setUpdateTime(TimeCodec.toProto(config.updateTime()));
    // In the order of the enum: a set has none of its own.
    for (Channel channel : EnumSet.copyOf(config.channels())) {
      proto.addChannels(ChannelCodec.toProto(channel));
    }
    for (HeaderParameter header : config.headers()) {
      proto.addHeaderParameters(toProto(header));
    }
    switch (config.authentication()) {
      case EndpointAuth.None _ -> proto.setNoAuthentication(NoAuthentication.getDefaultInstance());
      case EndpointAuth.Jwt jwt -> proto.setJwt(JwtCodec.toProto(jwt));
    }
    if (config.terms().signing() != null) {
      proto.setSigning(SigningCodec.toProto(config.terms().signing()));
    }
    OrderCodec.write(config.terms().sentFirst(), proto);
    return proto.build();
  }

  private static List<Channel> channels(
      dev.feedbackwebhooks.proto.v1.WebhookConfig config, Violations violations) {
    List<Channel> channels = new ArrayList<>();
    for (int i = 0; i < config.getChannelsCount(); i++) {
      Channel channel = ChannelCodec.fromProto(config.getChannels(i));
      if (channel == null) {
        violations.add(
            "webhook_config.channels[" + i + "]",
            "is no channel: give CHANNEL_EMAIL or CHANNEL_SMS");
      } else {
        channels.add(channel);
      }
    }
    return channels;
  }

  /** The first where none is given. */
  private static PayloadVersion version(
      dev.feedbackwebhooks.proto.v1.WebhookConfig config, Violations violations) {
    return switch (config.getPayloadVersion()) {
      case PAYLOAD_VERSION_UNSPECIFIED, PAYLOAD_VERSION_1 -> PayloadVersion.V1;
      case PAYLOAD_VERSION_2 -> PayloadVersion.V2;
      case UNRECOGNIZED -> {
        violations.add(
            "webhook_config.payload_version", "is not known: give one of PayloadVersion");
        yield PayloadVersion.V1;
      }
    };
  }

  private static dev.feedbackwebhooks.proto.v1.PayloadVersion toProto(PayloadVersion version) {
    return switch (version) {
      case V1 -> dev.feedbackwebhooks.proto.v1.PayloadVersion.PAYLOAD_VERSION_1;
      case V2 -> dev.feedbackwebhooks.proto.v1.PayloadVersion.PAYLOAD_VERSION_2;
    };
  }

  private static dev.feedbackwebhooks.proto.v1.HeaderParameter toProto(HeaderParameter header) {
    return dev.feedbackwebhooks.proto.v1.HeaderParameter.newBuilder()
        .setName(header.name())
        .setValue(header.sensitive() ? "" : header.value().revealText())
        .setSensitive(header.sensitive())
        .build();
  }

  private static WebhookConfigState state(ConfigStatus status) {
    return switch (status) {
      case ConfigStatus.Active _ -> WebhookConfigState.WEBHOOK_CONFIG_STATE_ACTIVE;
      case ConfigStatus.Disabled _ -> WebhookConfigState.WEBHOOK_CONFIG_STATE_DISABLED;
      case ConfigStatus.DisabledByEndpoint _ ->
          WebhookConfigState.WEBHOOK_CONFIG_STATE_DISABLED_BY_ENDPOINT;
      case ConfigStatus.DisabledByFailure _ ->
          WebhookConfigState.WEBHOOK_CONFIG_STATE_DISABLED_BY_FAILURE;
    };
  }

  private static String reason(ConfigStatus status) {
    return switch (status) {
      case ConfigStatus.Active _ -> "";
      case ConfigStatus.Disabled _ -> "enabled was set to false";
      case ConfigStatus.DisabledByEndpoint(var at) ->
          "the endpoint answered 410 Gone at " + at + ": set enabled to true to begin again";
      case ConfigStatus.DisabledByFailure(var at) ->
          "the endpoint had accepted nothing for days at "
              + at
              + ": mend it, try it with SendTestFeedback, then set enabled to true";
    };
  }
}
