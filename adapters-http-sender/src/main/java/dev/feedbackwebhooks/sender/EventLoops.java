package dev.feedbackwebhooks.sender;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The client's threads. An endpoint keeps to one of them, so that its connections never move. */
final class EventLoops {
  private final List<Context> contexts;

  private EventLoops(List<Context> contexts) {
    this.contexts = contexts;
  }

  static EventLoops of(Vertx vertx, int count) {
    ConcurrentLinkedQueue<Context> contexts = new ConcurrentLinkedQueue<>();
    vertx
        .deployVerticle(
            () ->
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    contexts.add(context);
                    return Future.succeededFuture();
                  }
                },
            new DeploymentOptions().setInstances(count))
        .await();
    return new EventLoops(List.copyOf(contexts));
  }

  Context of(String host) {
    return contexts.get(Math.floorMod(host.hashCode(), contexts.size()));
  }
}
