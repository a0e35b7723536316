package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.node.Nodes;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** The processes on this database. A node whose writer is stuck says nothing, and so is lost. */
record PostgresNodes(GroupCommit writes, PostgresGathered gathered) implements Nodes {
  @Override
  public CompletionStage<Integer> beat(Instant now) {
    return writes.submit(connection -> {
      gathered.clock().measure(connection);
      long at = gathered.clock().at(now);
      gathered.claims().live(connection, at);
      return gathered.node().living(connection, at);
    });
  }

  /** Says that this one is gone, for others to take over at once what it leaves behind. */
  void leave() {
    var _ =
        writes
            .submit(connection -> {
              gathered.node().leave(connection);
              return true;
            })
            .handle((_, _) -> true)
            .join();
  }
}
