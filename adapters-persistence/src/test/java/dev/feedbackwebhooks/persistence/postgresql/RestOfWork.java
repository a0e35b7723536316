package dev.feedbackwebhooks.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.campaign.Campaign;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.health.EndpointHealth;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.ReplayStore.Started;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What nodes do beside taking events in and delivering them. */
record RestOfWork(OpenPostgres open) {
  private static final Scope SCOPE = Samples.SCOPE;
  private static final Instant NOW = Samples.NOW;
  private static final DeliveryFilter ALL =
      new DeliveryFilter(null, null, null, null, null, null, null, null);
  private static final DeliveryFilter DELIVERED =
      new DeliveryFilter(
          DeliveryState.DELIVERED,
          null,
          null,
          null,
          null,
          null,
          Instant.EPOCH,
          NOW.plusSeconds(60));
  private static final AuditFilter ANY = new AuditFilter(null, null, null, null, null);

  /** With an id, which is a delivery's and a replay's. */
  void run(long id) {
    ChangeCursor before = open.store().changes().newest();
    takeOver(id);
    assertThat(open.store().changes().after(SCOPE, ALL, before, 10).list()).isNotEmpty();
    duties();
    health();
    replays(id);
    var _ =
        open.store()
            .campaigns()
            .put(new Campaign(SCOPE, "c-" + id, true, NOW), null, Samples.entry());
    assertThat(open.store().audit().list(ANY, null, 10)).isNotEmpty();
    assertThat(open.store().audit().newest()).isPositive();
    assertThat(open.store().book().writeLatencies()).isNotNull();
  }

  /** What went straight out is given back as its lease ends; of a node that is gone as well. */
  private void takeOver(long id) {
    Lease lease = new Lease(8, NOW.plusSeconds(60));
    Entry entry = new Entry(Samples.delivery(SCOPE, id, "e-" + id), lease, NOW);
    assertThat(done(open.store().queue().enqueue(List.of(entry)))).hasSize(1);
    open.run(
        "INSERT INTO node (number, seen_at, fresh_from, lost) VALUES (%d, 0, %d, true)"
            .formatted(1_000_000 + id, id));
    assertThat(done(open.store().nodes().beat(NOW))).isPositive();
    assertThat(done(open.store().queue().lanes(lease.until()))).hasSize(1);
    assertThat(open.count("node WHERE lost")).isZero();
    assertThat(open.count("delivery_open WHERE state = 0 AND delivery_id = " + id)).isEqualTo(1);
    open.run("DELETE FROM delivery_open WHERE delivery_id = " + id);
    open.run("UPDATE delivery SET state = 2 WHERE id = " + id);
  }

  private void duties() {
    assertThat(done(open.store().duties().take("duty"))).isTrue();
    assertThat(done(open.store().duties().take("duty"))).isTrue();
    var _ = done(open.store().duties().leave("duty"));
  }

  private void health() {
    EndpointHealth first = new EndpointHealth(-7, NOW, NOW, NOW, 3, true, "HTTP 503");
    assertThat(done(open.store().health().begin(SCOPE, first))).isPresent();
    assertThat(done(open.store().health().goOn(SCOPE, first))).isPresent();
    assertThat(open.store().health().all()).containsKey(SCOPE);
    var _ = done(open.store().health().forget(SCOPE));
  }

  private void replays(long id) {
    ReplayPlan plan = new ReplayPlan("", DELIVERED, 100, "wish-" + id);
    Replay replay =
        new Replay(
            new ReplayId(id),
            SCOPE,
            plan,
            ReplayState.RUNNING,
            ReplayTally.of(0),
            null,
            NOW,
            NOW,
            null);
    assertThat(open.store().replays().start(replay, 10, Samples.entry()))
        .isInstanceOf(Started.Stored.class);
    assertThat(open.store().replays().ofRequest(SCOPE, "wish-" + id)).isPresent();
    assertThat(done(open.store().replays().step(replay, 1, NOW)).tally().replayed()).isEqualTo(1);
    open.run("DELETE FROM delivery_open");
    open.run("UPDATE delivery SET state = 2");
    assertThat(open.store().replays().list(SCOPE, null, null, 10)).isNotEmpty();
    assertThat(open.store().replays().cancel(SCOPE, replay.id(), NOW, Samples.entry())).isPresent();
    assertThat(done(open.store().replays().forget(NOW.plus(Duration.ofDays(1))))).isEqualTo(1);
  }

  private static <T extends @Nullable Object> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
