package dev.feedbackwebhooks.bench;

import java.util.concurrent.CompletionStage;

/** Somebody else's HTTP client, set up to do what ours does. */
interface OtherClient extends AutoCloseable {
  /** As many event loops as our sender has: one for every two cores. */
  int LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  /**
   * Posts the body to the endpoint of this number, modulo their count.
   *
   * @return completes with whether the status was 200, once the whole answer was read
   */
  CompletionStage<Boolean> post(int number);

  @Override
  void close();
}
