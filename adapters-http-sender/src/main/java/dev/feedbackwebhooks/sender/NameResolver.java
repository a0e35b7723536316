package dev.feedbackwebhooks.sender;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds the addresses of a host name. */
interface NameResolver {
  /** All addresses, at least one; fails if the name has none or nobody answers. Never blocks. */
  CompletionStage<List<InetAddress>> resolve(String name);
}
