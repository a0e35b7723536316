package dev.feedbackwebhooks.domain.node;

import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.audit.AuditStore.Recorded;
import dev.feedbackwebhooks.domain.audit.AuditedResource;
import dev.feedbackwebhooks.domain.campaign.Campaign;
import dev.feedbackwebhooks.domain.campaign.Campaigns;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.fault.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads in the audit trail which configurations and campaigns were changed, whichever process did
 * it, and has forgotten what this one remembers of them. Its own changes come by as well: one that
 * was not answered may stand all the same.
 */
public final class RemoteChanges {
  /** A change is seen that much later, and a tick, by those who did not make it. */
  static final Duration PAUSE = Duration.ofMillis(200);

  /** Without a look that succeeded, nothing is remembered for longer than that, and a tick. */
  static final Duration TRUSTED = Duration.ofSeconds(1);

  static final int PAGE = 500;

  private final AuditStore audit;
  private final Configs configs;
  private final Campaigns campaigns;
  private final Consumer<RuntimeException> failed;
  private final Executor background;
  private final InstantSource clock;
  private final Recurrence looks = new Recurrence(PAUSE, Instant.EPOCH);
  private final AtomicBoolean busy = new AtomicBoolean();

  private final ReentrantLock looking = new ReentrantLock();

  /** The last record that was heard of; touched under the lock. */
  private final AtomicLong last = new AtomicLong();

  /** What is remembered holds what was changed until then; null before the first tick. */
  private final AtomicReference<@Nullable Instant> heardUntil = new AtomicReference<>();

  private final AtomicBoolean forgetting = new AtomicBoolean();
  private final AtomicBoolean stopped = new AtomicBoolean();

  /**
   * @param failed hears of what is no outage
   * @param background may be blocked
   */
  public RemoteChanges(
      AuditStore audit,
      Configs configs,
      Campaigns campaigns,
      Consumer<RuntimeException> failed,
      Executor background,
      InstantSource clock) {
    this.audit = audit;
    this.configs = configs;
    this.campaigns = campaigns;
    this.failed = failed;
    this.background = background;
    this.clock = clock;
  }

  /** To be called before anything is remembered. Blocks its caller. */
  public void start() {
    last.set(audit.newest());
  }

  /** Looks, if it is time, without blocking its caller. To be called by one thread. */
  public void tick() {
    if (stopped.get()) {
      return;
    }
    Instant now = clock.instant();
    if (looks.isDue(now) && busy.compareAndSet(false, true)) {
      background.execute(() -> look(now));
    }
    if (isDeaf(now) && forgetting.compareAndSet(false, true)) {
      background.execute(() -> forgetAll(now));
    }
  }

  /** A clock that was set back proves nothing. */
  private boolean isDeaf(Instant now) {
    heardUntil.compareAndSet(null, now);
    Instant until = Objects.requireNonNull(heardUntil.get());
    return until.isAfter(now) || !now.isBefore(until.plus(TRUSTED));
  }

  /** Lookups can fail while all else works; what was changed meanwhile nobody tells. */
  private void forgetAll(Instant now) {
    try {
      configs.anyChangedElsewhere();
      campaigns.anyChangedElsewhere();
      heardUntil.set(now);
    } catch (RuntimeException e) {
      failed.accept(e);
    } finally {
      forgetting.set(false);
    }
  }

  /** Begins no further look. */
  public void stop() {
    stopped.set(true);
  }

  /**
   * Makes sure that what is remembered holds all that was changed until {@link #PAUSE} ago, with
   * one look if the last one is older. To be called before somebody is turned away for what is
   * remembered. May block its caller.
   *
   * @throws Fault.Unavailable if the store cannot be asked
   */
  public void confirm() {
    if (isCurrent(clock.instant())) {
      return;
    }
    looking.lock();
    try {
      Instant begun = clock.instant();
      if (!isCurrent(begun)) {
        readAll(begun);
      }
    } finally {
      looking.unlock();
    }
  }

  private boolean isCurrent(Instant now) {
    Instant until = heardUntil.get();
    return until != null && !until.isAfter(now) && now.isBefore(until.plus(PAUSE));
  }

  private void readAll(Instant begun) {
    while (readPage()) {}
    heardUntil.set(begun);
  }

  private void look(Instant begun) {
    looking.lock();
    try {
      readAll(begun);
    } catch (Fault.Unavailable _) {
      // The store says so itself; the next look begins where this one ended.
    } catch (RuntimeException e) {
      failed.accept(e);
    } finally {
      looking.unlock();
      busy.set(false);
    }
  }

  /** Answers whether there may be more. */
  private boolean readPage() {
    long before = last.get();
    List<Recorded> page = audit.from(before, PAGE);
    if (before > 0 && (page.isEmpty() || page.getFirst().id() != before)) {
      beginAnew();
      return false;
    }
    for (Recorded record : page) {
      if (record.id() > before) {
        changed(record.resource());
        last.set(record.id());
      }
    }
    return page.size() == PAGE;
  }

  /** What was heard of is gone: a standby that did not know it yet took the database's place. */
  private void beginAnew() {
    long newest = audit.newest();
    configs.anyChangedElsewhere();
    campaigns.anyChangedElsewhere();
    last.set(newest);
  }

  private void changed(AuditedResource resource) {
    Scope scope = new Scope(resource.organization(), resource.sandbox());
    String campaign = Campaign.name(scope, "");
    if (resource.name().equals(scope.configName())) {
      configs.changedElsewhere(scope);
    } else if (resource.name().startsWith(campaign)) {
      campaigns.changedElsewhere(scope, resource.name().substring(campaign.length()));
    }
  }
}
