package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.delivery.Claim;

/** Hears how the results of attempts are written. Must be quick and must not throw. */
public interface SettlementListener {
  /** The store takes no settlement, and took them before. */
  void settlesNothing(Throwable cause);

  /**
   * The store takes settlements again.
   *
   * @param unsettled how many wait for it
   */
  void settlesAgain(int unsettled);

  /** The store refused a settlement for its content, several times: less of it is kept. */
  void settlementRefused(Claim claim, Throwable cause);
}
