package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.config.Channel;

/** Channels as rows have them. */
final class StoredChannel {
  private static final int EMAIL = 0;
  private static final int SMS = 1;

  private StoredChannel() {}

  static int code(Channel channel) {
    return switch (channel) {
      case EMAIL -> EMAIL;
      case SMS -> SMS;
    };
  }

  static Channel of(int code) {
    return switch (code) {
      case EMAIL -> Channel.EMAIL;
      case SMS -> Channel.SMS;
      default -> throw new IllegalStateException("no channel has the code " + code);
    };
  }
}
