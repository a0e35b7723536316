package broken.threadsstartinapp.sender;

import java.util.concurrent.Executors;

/** Breaks the rule that it is named after. */
final class Bad {
  Object threads() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }
}
