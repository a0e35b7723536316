package dev.feedbackwebhooks.domain.engine;

import java.util.concurrent.Executor;

/**
 * Runs the engine's tasks one after the other, in their order. {@link #execute} never does so on
 * its caller's thread.
 */
public interface Mailbox extends Executor {
  /**
   * The same, but on the caller's thread if no other task runs at the moment: spares two changes of
   * threads. For callers that can spend some microseconds.
   */
  void executeHere(Runnable task);
}
