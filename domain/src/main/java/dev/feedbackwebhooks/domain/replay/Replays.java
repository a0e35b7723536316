package dev.feedbackwebhooks.domain.replay;

import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.audit.AuditAction;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.FieldChange;
import dev.feedbackwebhooks.domain.audit.FieldValue;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryIds;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Replays as operators begin them, watch them and end them. Blocks its caller. */
public final class Replays {
  /** The most replays of a scope that run at a time. */
  static final int MOST_RUNNING = 3;

  private final ReplayStore store;
  private final Configs configs;
  private final ReplayRunner runner;
  private final DeliveryIds ids;
  private final InstantSource clock;

  public Replays(
      ReplayStore store,
      Configs configs,
      ReplayRunner runner,
      DeliveryIds ids,
      InstantSource clock) {
    this.store = store;
    this.configs = configs;
    this.runner = runner;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * The tally of a replay that is not begun.
   *
   * @throws Fault.InvalidFields see {@link ReplayRules}
   * @throws Fault.NotNow without a configuration
   */
  public ReplayTally survey(Scope scope, ReplayPlan wish) {
    ReplayPlan plan = ReplayRules.checked(wish, clock.instant());
    requireConfig(scope);
    return store.survey(scope, plan.filter());
  }

  /**
   * Begins a replay, or answers with the one that the same request began.
   *
   * @throws Fault.InvalidFields see {@link ReplayRules}
   * @throws Fault.AlreadyExists if its request id stands for another wish
   * @throws Fault.NotNow without a configuration, or if too many run
   */
  public Replay start(Actor who, Scope scope, ReplayPlan wish) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    ReplayPlan plan = ReplayRules.checked(wish, now);
    if (!plan.requestId().isEmpty()) {
      Optional<Replay> known = store.ofRequest(scope, plan.requestId());
      if (known.isPresent()) {
        return sameWish(known.get(), plan);
      }
    }
    requireConfig(scope);
    return start(who, begun(scope, plan, now));
  }

  private Replay begun(Scope scope, ReplayPlan plan, Instant now) {
    long matched = store.survey(scope, plan.filter()).matched();
    return new Replay(
        new ReplayId(ids.next().value()),
        scope,
        plan,
        ReplayState.RUNNING,
        ReplayTally.of(matched),
        null,
        now,
        now,
        null);
  }

  private Replay start(Actor who, Replay replay) {
    return switch (store.start(replay, MOST_RUNNING, started(who, replay))) {
      case ReplayStore.Started.Stored() -> {
        runner.add(replay);
        yield replay;
      }
      case ReplayStore.Started.Known(Replay known) -> sameWish(known, replay.plan());
      case ReplayStore.Started.TooMany() ->
          throw new Fault.NotNow(
              Reason.TOO_MANY_REPLAYS,
              replay.scope().name(),
              replay.scope().name()
                  + " has "
                  + MOST_RUNNING
                  + " replays that run: wait for one to end, or cancel one");
    };
  }

  private void requireConfig(Scope scope) {
    if (configs.current(scope).isEmpty()) {
      throw new Fault.NotNow(
          Reason.CONFIG_REQUIRED,
          scope.configName(),
          "replays have nowhere to go: create " + scope.configName() + " first");
    }
  }

  private static Replay sameWish(Replay known, ReplayPlan plan) {
    if (!known.plan().asksLike(plan)) {
      throw new Fault.AlreadyExists(
          Reason.REQUEST_ID_TAKEN,
          known.name(),
          "its request_id came with another filter or max_per_second: give a new request_id");
    }
    return known;
  }

  /**
   * @throws Fault.NotFound if there is none
   */
  public Replay get(Scope scope, ReplayId id) {
    return store.find(scope, id).orElseThrow(() -> missing(scope, id));
  }

  /** See {@link ReplayStore#list}. */
  public List<Replay> list(
      Scope scope, @Nullable Boolean over, @Nullable ReplayId before, int limit) {
    return store.list(scope, over, before, limit);
  }

  /**
   * The replay once it is over, or after {@code most}.
   *
   * @throws Fault.NotFound if there is none
   */
  public CompletionStage<Replay> awaitEnd(Scope scope, ReplayId id, Duration most) {
    return runner.awaitEnd(scope, id, most, () -> get(scope, id));
  }

  /**
   * Ends it, unless it is over.
   *
   * @throws Fault.NotFound if there is none
   */
  public void cancel(Actor who, Scope scope, ReplayId id) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    AuditEntry entry = entry(now, who, AuditAction.CANCEL_REPLAY, scope, id, List.of());
    Replay replay = store.cancel(scope, id, now, entry).orElseThrow(() -> missing(scope, id));
    runner.ended(replay);
  }

  /**
   * Forgets one that is over.
   *
   * @throws Fault.NotFound if there is none
   * @throws Fault.NotNow if it runs
   */
  public void delete(Actor who, Scope scope, ReplayId id) {
    AuditEntry entry = entry(clock.instant(), who, AuditAction.DELETE_REPLAY, scope, id, List.of());
    if (!store.delete(scope, id, entry)) {
      Replay running = get(scope, id);
      throw new Fault.NotNow(
          Reason.REPLAY_RUNNING, running.name(), running.name() + " runs: cancel it first");
    }
  }

  private static Fault.NotFound missing(Scope scope, ReplayId id) {
    return new Fault.NotFound(Reason.OPERATION_NOT_FOUND, Replay.name(scope, id));
  }

  /** Without the rest of the filter, which may name a recipient: records are kept for ever. */
  private static AuditEntry started(Actor who, Replay replay) {
    DeliveryFilter filter = replay.plan().filter();
    List<FieldChange> facts = new ArrayList<>();
    facts.add(fact("create_time from", String.valueOf(filter.createdFrom())));
    facts.add(fact("create_time before", String.valueOf(filter.createdBefore())));
    facts.add(fact("max_per_second", String.valueOf(replay.plan().perSecond())));
    facts.add(fact("matched", String.valueOf(replay.tally().matched())));
    return entry(
        replay.createTime(), who, AuditAction.START_REPLAY, replay.scope(), replay.id(), facts);
  }

  private static FieldChange fact(String field, String value) {
    return new FieldChange(field, null, new FieldValue.Shown(value));
  }

  private static AuditEntry entry(
      Instant at,
      Actor who,
      AuditAction action,
      Scope scope,
      ReplayId id,
      List<FieldChange> facts) {
    return new AuditEntry(at, who, action, scope.audited(Replay.name(scope, id)), facts);
  }
}
