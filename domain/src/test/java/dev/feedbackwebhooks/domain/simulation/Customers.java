package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.config.ConfigDraft;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.delivery.RetryOutcome;
import dev.feedbackwebhooks.domain.engine.DeliveryEngine;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Those who call the service: they bring events, change configurations, and ask for retries. */
final class Customers {
  private static final int EVENTS = 40;

  private final World world;
  private final Timeline timeline;
  private int brought;

  Customers(World world) {
    this.world = world;
    this.timeline = world.timeline;
  }

  /** Brings some events, of which some were brought before. */
  void bringEvents(Server server, Scope scope) {
    bring(server, scope, timeline.between(1, 6), EVENTS);
  }

  void bring(Server server, Scope scope, int count, int ofEvents) {
    server
        .process()
        .happen(() -> {
          Optional<WebhookConfig> config = active(scope);
          if (config.isPresent()) {
            List<NewDelivery> batch = new ArrayList<>();
            for (int i = 0; i < count; i++) {
              String event = "e-" + timeline.below(ofEvents);
              batch.add(delivery(server.engine(), scope, config.get().id(), event));
            }
            var _ = server.engine().enqueue(batch).thenAccept(this::acknowledged);
          }
        });
  }

  private Optional<WebhookConfig> active(Scope scope) {
    try {
      return world.configs().current(scope).filter(config -> config.status().active());
    } catch (RuntimeException _) {
      return Optional.empty();
    }
  }

  private NewDelivery delivery(DeliveryEngine engine, Scope scope, long configId, String event) {
    int size = timeline.oneIn(4) ? World.LARGEST_PAYLOAD : 300;
    byte[] body = new byte[timeline.between(8, size)];
    ByteBuffer.wrap(body).putInt(++brought);
    return new NewDelivery(
        engine.nextId(), scope, configId, Samples.subject(event), List.of(), Payload.of(body));
  }

  private void acknowledged(List<Enqueued> answers) {
    for (Enqueued answer : answers) {
      switch (answer) {
        case Enqueued.Stored(var id) -> requireStored(id);
        case Enqueued.Duplicate(var id) -> requireStored(id);
        case Enqueued.Refused _, Enqueued.Failed _ -> {}
      }
    }
  }

  private void requireStored(DeliveryId id) {
    world.ledger.require(world.ledger.has(id), "acknowledged what is not stored");
  }

  /** Creates, changes, disables, enables or deletes a configuration. */
  void changeConfig(Scope scope) {
    try {
      WebhookConfig stored = world.configStore.find(scope).orElse(null);
      if (stored == null) {
        create(scope);
      } else if (timeline.oneIn(4)) {
        world.note("delete of " + scope.sandbox());
        world.configs().delete(Samples.WHO, scope, "");
      } else {
        update(stored, timeline.oneIn(2));
      }
    } catch (RuntimeException failure) {
      // The customer is told.
      world.ledger.require(world.meantToFail(failure), "a change failed: " + failure);
    }
  }

  void create(Scope scope) {
    world.note("create of " + scope.sandbox());
    var _ = world.configs().create(Samples.WHO, Samples.draft(scope), false);
  }

  void update(WebhookConfig stored, boolean enabled) {
    world.note("update of " + stored.scope().sandbox() + " to " + enabled);
    String url = "https://hooks.example.com/" + timeline.below(3);
    ConfigDraft draft = Samples.draft(stored.scope(), url);
    var _ = world.configs().update(Samples.WHO, stored, enabled ? draft : disabled(draft), false);
  }

  private static ConfigDraft disabled(ConfigDraft draft) {
    return new ConfigDraft(
        draft.scope(), draft.displayName(), draft.channels(), draft.url(), null, List.of(), false);
  }

  /** An operator asks for a delivery again. */
  void retry(Server server) {
    List<LedgerRow> rows = List.copyOf(world.ledger.rows());
    if (!rows.isEmpty()) {
      retry(server, rows.get(timeline.below(rows.size())));
    }
  }

  private void retry(Server server, LedgerRow row) {
    Scope scope = row.delivery.scope();
    DeliveryId id = row.delivery.id();
    Optional<WebhookConfig> config = active(scope);
    if (config.isPresent()
        && world.deliveries.retry(scope, id, config.get().id(), timeline.instant(), Samples.entry())
            == RetryOutcome.DUE) {
      world.note("retry of " + id.text());
      row.retried(config.get().id(), timeline.instant());
      server.engine().wake(scope);
    }
  }
}
