package dev.feedbackwebhooks.sender.egress;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Finds the addresses of a host name. */
public interface NameResolver {
  /** All addresses, at least one; fails if the name has none or nobody answers. Never blocks. */
  CompletionStage<List<InetAddress>> resolve(String name);

  /**
   * The same, without those whose answer is late.
   *
   * @param late is given those when they come, if they come
   */
  default CompletionStage<List<InetAddress>> resolve(
      String name, Consumer<List<InetAddress>> late) {
    return resolve(name);
  }
}
