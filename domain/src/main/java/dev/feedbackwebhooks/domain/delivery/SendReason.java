package dev.feedbackwebhooks.domain.delivery;

/** Why a request is made; all but the first say so in a header (docs/receivers.md). */
public sealed interface SendReason {
  /** To bring feedback. */
  record Feedback() implements SendReason {}

  /** To try out a configuration: what is sent is a sample. */
  record Test() implements SendReason {}

  /**
   * To bring feedback again.
   *
   * @param replay id of the replay that asked for it
   */
  record Replay(String replay) implements SendReason {}
}
