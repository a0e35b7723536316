package dev.feedbackwebhooks.faults;

import java.util.random.RandomGenerator;

/** One way of things going wrong, from its beginning to its end. */
interface Fault {
  /** As the plan and the summary call it. */
  String name();

  /**
   * Lets it happen, and end. The world's server runs before and afterwards.
   *
   * @throws Skipped if this machine does not allow it
   */
  void happen(World world, Stage stage, RandomGenerator random) throws Exception;

  /** What a fault may need besides the world that it strikes. */
  interface Stage {
    /** A world of its own, without a server, for what leaves nothing to go on with. */
    World another() throws Exception;

    /** Counts a restart. */
    void restarted();
  }

  /** The machine does not allow this fault; the message says what is missing. */
  final class Skipped extends Exception {
    private static final long serialVersionUID = 1;

    Skipped(String message) {
      super(message);
    }
  }
}
