package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.sender.egress.AddressMemory;
import dev.feedbackwebhooks.sender.egress.Destination;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** One event loop, and all that is only its own. What is here happens on its thread. */
final class SendingLoop {
  /** Idle connections are closed before most servers and balancers would do it under our hands. */
  private static final long KEEP_ALIVE = TimeUnit.SECONDS.toNanos(25);

  private final EventLoop executor;
  private final Connector connector;
  private final int mostSockets;
  private final Deadlines deadlines;
  private final RequestHeads heads;
  private final IdleConnections idle = new IdleConnections();
  private final Map<Destination, EndpointPool> pools = new HashMap<>();
  private final Map<HostAndPort, AddressMemory> memories = new HashMap<>();
  private final InstantSource clock;
  private int sockets;

  private record HostAndPort(String host, int port) {}

  private boolean closed;

  SendingLoop(
      EventLoop executor,
      Connector connector,
      SenderSettings settings,
      InstantSource clock,
      int mostSockets) {
    this.clock = clock;
    this.executor = executor;
    this.connector = connector;
    this.mostSockets = mostSockets;
    this.deadlines = new Deadlines(executor, settings.attemptTimeout());
    this.heads = new RequestHeads(settings.userAgent());
    var _ = executor.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
  }

  /** Runs a step of an exchange, later; what goes wrong in it is the exchange's failure. */
  void execute(Exchange exchange, Runnable step) {
    try {
      executor.execute(() -> run(exchange, step));
    } catch (RejectedExecutionException e) {
      exchange.fail(e);
    }
  }

  /** The same, at once if this is the loop's thread. */
  void now(Exchange exchange, Runnable step) {
    if (executor.inEventLoop()) {
      run(exchange, step);
    } else {
      execute(exchange, step);
    }
  }

  private void run(Exchange exchange, Runnable step) {
    if (closed) {
      exchange.fail(new ExchangeException(AttemptFailure.CONNECTION_CLOSED));
    } else if (!exchange.isOver()) {
      try {
        step.run();
      } catch (RuntimeException e) {
        exchange.fail(e);
      }
    }
  }

  EventLoop executor() {
    return executor;
  }

  Deadlines deadlines() {
    return deadlines;
  }

  RequestHead head(WebhookConfig config) {
    return heads.of(config);
  }

  /** The memory of a host's addresses, which lasts while somebody uses it. */
  AddressMemory memory(EndpointUrl url) {
    return memories.computeIfAbsent(
        new HostAndPort(url.host(), url.port()), _ -> new AddressMemory(clock));
  }

  EndpointPool pool(Destination to) {
    return pools.computeIfAbsent(to, _ -> new EndpointPool(to, idle, executor, this::connect));
  }

  /** Makes a connection, if need be in place of one that is idle. */
  private void connect(Opening opening) {
    if (sockets >= mostSockets) {
      idle.closeOldest();
    }
    sockets++;
    connector.connect(
        opening,
        executor,
        () -> {
          sockets--;
          opening.pool().gone();
        });
  }

  private void sweep() {
    idle.closeOlderThan(System.nanoTime() - KEEP_ALIVE);
    pools.values().removeIf(EndpointPool::isUnused);
    memories.values().removeIf(AddressMemory::isOutdated);
  }

  /** Ends all exchanges and connections; later ones fail at once. */
  void close() {
    executor.execute(() -> {
      closed = true;
      deadlines.endAll(new ExchangeException(AttemptFailure.CONNECTION_CLOSED));
    });
  }
}
