package dev.feedbackwebhooks.grpc.codec;

import dev.feedbackwebhooks.domain.config.Channel;
import org.jspecify.annotations.Nullable;

/** Channels on the wire. */
public final class ChannelCodec {
  private ChannelCodec() {}

  /** Null for one that was not given or is not known. */
  public static @Nullable Channel fromProto(dev.feedbackwebhooks.proto.v1.Channel channel) {
    return switch (channel) {
      case CHANNEL_EMAIL -> Channel.EMAIL;
      case CHANNEL_SMS -> Channel.SMS;
      case CHANNEL_UNSPECIFIED, UNRECOGNIZED -> null;
    };
  }

  static dev.feedbackwebhooks.proto.v1.Channel toProto(Channel channel) {
    return switch (channel) {
      case EMAIL -> dev.feedbackwebhooks.proto.v1.Channel.CHANNEL_EMAIL;
      case SMS -> dev.feedbackwebhooks.proto.v1.Channel.CHANNEL_SMS;
    };
  }
}
