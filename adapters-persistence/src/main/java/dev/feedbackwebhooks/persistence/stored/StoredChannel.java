package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.config.Channel;

/** Channels as rows have them. */
public final class StoredChannel {
  private static final int EMAIL = 0;
  private static final int SMS = 1;

  private StoredChannel() {}

  public static int code(Channel channel) {
    return switch (channel) {
      case EMAIL -> EMAIL;
      case SMS -> SMS;
    };
  }

  public static Channel of(int code) {
    return switch (code) {
      case EMAIL -> Channel.EMAIL;
      case SMS -> Channel.SMS;
      default -> throw new IllegalStateException("no channel has the code " + code);
    };
  }
}
