package dev.feedbackwebhooks.domain.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.audit.AuditRecord;
import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.campaign.Campaigns;
import dev.feedbackwebhooks.domain.config.ConfigDraft;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.Configs.Known;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.testing.InMemoryStore;
import dev.feedbackwebhooks.domain.testing.QueuedExecutor;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RemoteChangesTest {
  private static final Scope SCOPE = Samples.SCOPE;

  private final SettableClock clock = new SettableClock(Samples.NOW);
  private final AtomicLong ids = new AtomicLong();
  private final InMemoryStore store = new InMemoryStore();
  private final Trail trail = new Trail();
  private final Configs there = configs();
  private final Campaigns campaignsThere = new Campaigns(store, clock);
  private final Configs here = configs();
  private final Campaigns campaignsHere = new Campaigns(store, clock);
  private final QueuedExecutor background = new QueuedExecutor();
  private final List<Scope> heard = new ArrayList<>();
  private final List<RuntimeException> failures = new ArrayList<>();
  private final RemoteChanges changes =
      new RemoteChanges(trail, here, campaignsHere, failures::add, background, clock);

  private Configs configs() {
    return new Configs(store, Samples.rules(), Samples.FINGERPRINTS, clock, ids::incrementAndGet);
  }

  private void look() {
    clock.advance(RemoteChanges.PAUSE);
    changes.tick();
    background.runAll();
  }

  @Test
  void whatAnotherChangesIsForgottenHereAndListenersHearOfIt() {
    here.onChange(heard::add);
    assertThat(here.current(SCOPE)).isEmpty();
    look();
    WebhookConfig created = there.create(Samples.WHO, Samples.draft(), false);
    assertThat(here.current(SCOPE)).as("not looked yet").isEmpty();
    look();
    assertThat(here.current(SCOPE)).contains(created);
    assertThat(heard).containsExactly(SCOPE);

    assertThat(campaignsHere.enabled(SCOPE, "c/1")).isFalse();
    var _ = campaignsThere.put(Samples.WHO, SCOPE, "c-1", true);
    assertThat(campaignsHere.enabled(SCOPE, "c-1")).isTrue();
    var _ = campaignsThere.put(Samples.WHO, SCOPE, "c-1", false);
    look();
    assertThat(campaignsHere.enabled(SCOPE, "c-1")).isFalse();

    there.delete(Samples.WHO, SCOPE, "");
    look();
    assertThat(here.current(SCOPE)).isEmpty();
    assertThat(heard).containsExactly(SCOPE, SCOPE);
    assertThat(failures).isEmpty();
  }

  @Test
  void whatWasThereBeforeTheStartIsNotTold() {
    var _ = there.create(Samples.WHO, Samples.draft(), false);
    here.onChange(heard::add);
    changes.start();
    look();
    assertThat(heard).isEmpty();
  }

  @Test
  void manyChangesAreReadPageByPageInOneLook() {
    here.onChange(heard::add);
    for (int i = 0; i < 2 * RemoteChanges.PAGE + 1; i++) {
      ConfigDraft draft = Samples.draft(new Scope("o", "s" + i));
      var _ = there.create(Samples.WHO, draft, false);
    }
    look();
    assertThat(heard).doesNotHaveDuplicates().hasSize(2 * RemoteChanges.PAGE + 1);
  }

  @Test
  void aLookThatTakesLongIsNotJoinedByAnother() {
    changes.tick();
    clock.advance(RemoteChanges.PAUSE);
    changes.tick();
    background.runAll();
    assertThat(trail.asked).isEqualTo(1);
    changes.tick();
    background.runAll();
    assertThat(trail.asked).as("nor before the pause is over").isEqualTo(1);
    changes.stop();
    look();
    assertThat(trail.asked).as("nor after the end").isEqualTo(1);
  }

  @Test
  void afterAnOutageTheGapIsClosed() {
    look();
    assertThat(here.current(SCOPE)).isEmpty();
    trail.outage = new Fault.Unavailable(Reason.STORE_UNAVAILABLE, "away", Duration.ofSeconds(1));
    look();
    WebhookConfig created = there.create(Samples.WHO, Samples.draft(), false);
    look();
    assertThat(failures).as("the store says so itself").isEmpty();
    trail.outage = new IllegalStateException("broken");
    look();
    assertThat(failures).containsExactly(trail.outage);
    trail.outage = null;
    look();
    assertThat(here.current(SCOPE)).contains(created);
  }

  /** The writer may work all the same, so events come in. */
  @Test
  void whileNoLookSucceedsNothingIsRememberedForMoreThanASecond() {
    look();
    WebhookConfig created = there.create(Samples.WHO, Samples.draft(), false);
    var _ = campaignsThere.put(Samples.WHO, SCOPE, "c-1", true);
    look();
    trail.outage = new Fault.Unavailable(Reason.STORE_UNAVAILABLE, "away", Duration.ofSeconds(1));
    for (int outages = 0; outages < 2; outages++) {
      assertThat(here.current(SCOPE)).isPresent();
      assertThat(campaignsHere.enabled(SCOPE, "c-1")).isEqualTo(outages == 0);
      if (outages == 0) {
        var _ = campaignsThere.put(Samples.WHO, SCOPE, "c-1", false);
      } else {
        there.delete(Samples.WHO, SCOPE, "");
      }
      lookFor(RemoteChanges.TRUSTED.minus(RemoteChanges.PAUSE));
      assertThat(here.known(SCOPE))
          .as("not for so long yet")
          .isEqualTo(new Known.As(Optional.of(created)));
      look();
      assertThat(here.known(SCOPE)).isEqualTo(new Known.NotYet());
    }
    assertThat(here.current(SCOPE)).isEmpty();
    assertThat(campaignsHere.enabled(SCOPE, "c-1")).isFalse();
    assertThat(failures).isEmpty();
  }

  @Test
  void aLookThatHangsIsNoneThatSucceeded() {
    WebhookConfig created = there.create(Samples.WHO, Samples.draft(), false);
    look();
    assertThat(here.current(SCOPE)).contains(created);
    clock.advance(RemoteChanges.PAUSE);
    changes.tick();
    clock.advance(RemoteChanges.TRUSTED.minus(RemoteChanges.PAUSE));
    changes.tick();
    background.runAll();
    assertThat(here.known(SCOPE)).isEqualTo(new Known.NotYet());
  }

  @Test
  void whatIsOlderThanAPauseIsConfirmedByOneLook() {
    look();
    assertThat(here.current(SCOPE)).isEmpty();
    WebhookConfig created = there.create(Samples.WHO, Samples.draft(), false);
    int asked = trail.asked;
    changes.confirm();
    assertThat(trail.asked).as("as new as a look makes it").isEqualTo(asked);
    clock.advance(RemoteChanges.PAUSE);
    changes.confirm();
    assertThat(here.current(SCOPE)).contains(created);
    changes.confirm();
    assertThat(trail.asked).as("one for all of the next moment").isEqualTo(asked + 1);
    clock.advance(RemoteChanges.PAUSE);
    trail.outage = new Fault.Unavailable(Reason.STORE_UNAVAILABLE, "away", Duration.ofSeconds(1));
    assertThatThrownBy(changes::confirm).isSameAs(trail.outage);
    trail.outage = null;
    changes.confirm();
    assertThat(trail.asked).isEqualTo(asked + 3);
  }

  private void lookFor(Duration time) {
    for (Duration gone = Duration.ZERO;
        gone.compareTo(time) < 0;
        gone = gone.plus(RemoteChanges.PAUSE)) {
      look();
    }
  }

  /** A standby took the database's place that had not heard of all. */
  @Test
  void ifTheTrailIsNotWhatItWasAllIsForgotten() {
    WebhookConfig created = there.create(Samples.WHO, Samples.draft(), false);
    changes.start();
    assertThat(here.current(SCOPE)).contains(created);
    here.onChange(heard::add);
    trail.lost = true;
    assertThat(store.delete(SCOPE, created.id(), created.version(), Samples.entry())).isTrue();
    look();
    assertThat(here.current(SCOPE)).isEmpty();
    assertThat(heard).containsExactly(SCOPE);
    heard.clear();
    look();
    assertThat(heard).as("only once").isEmpty();
  }

  /** The store's own trail, which may fail, or have lost its first record. */
  private final class Trail implements AuditStore {
    private @Nullable RuntimeException outage;
    private boolean lost;
    private int asked;

    @Override
    public long newest() {
      return store.newest();
    }

    @Override
    public List<Recorded> from(long id, int limit) {
      asked++;
      if (outage != null) {
        throw outage;
      }
      long first = store.from(0, 1).stream().mapToLong(Recorded::id).findFirst().orElse(0);
      return store.from(lost ? Math.max(id, first + 1) : id, limit);
    }

    @Override
    public void append(AuditEntry entry) {
      store.append(entry);
    }

    @Override
    public Optional<AuditRecord> find(String organization, String sandbox, long id) {
      return store.find(organization, sandbox, id);
    }

    @Override
    public List<AuditRecord> list(AuditFilter filter, @Nullable Long before, int limit) {
      return store.list(filter, before, limit);
    }
  }
}
