package dev.feedbackwebhooks.persistence.migration;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.Provider;
import com.google.inject.ProvisionException;
import com.google.inject.name.Names;
import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.delivery.RunningStore;
import dev.feedbackwebhooks.domain.delivery.StoreListener;
import dev.feedbackwebhooks.domain.health.HealthStore;
import dev.feedbackwebhooks.domain.key.Fingerprints;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.HeardStore;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An open store of either database, as a server has it. */
record Ports(Injector injector, List<ExecutorService> threads) implements AutoCloseable {
  static Ports open(Module store) {
    ExecutorService writer = Executors.newSingleThreadExecutor();
    ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();
    Injector injector = Guice.createInjector(store, new Surroundings(writer, others));
    try {
      injector.getInstance(RunningStore.class);
      return new Ports(injector, List.of(writer, others));
    } catch (ProvisionException e) {
      writer.shutdown();
      others.shutdown();
      throw e;
    }
  }

  private static final class Surroundings extends AbstractModule {
    private final Executor writer;
    private final Executor others;

    Surroundings(Executor writer, Executor others) {
      this.writer = writer;
      this.others = others;
    }

    @Override
    protected void configure() {
      Provider<Executor> other = () -> others;
      bind(InstantSource.class).toInstance(InstantSource.fixed(Samples.NOW));
      bind(StoreListener.class).toInstance(new HeardStore());
      bind(Key.get(Executor.class, Names.named("writer"))).toInstance(writer);
      for (String name : List.of("background", "checkpointer", "checker")) {
        bind(Key.get(Executor.class, Names.named(name))).toProvider(other);
      }
    }
  }

  private <T> T of(Class<T> port) {
    return injector.getInstance(port);
  }

  ConfigStore configs() {
    return of(ConfigStore.class);
  }

  CampaignStore campaigns() {
    return of(CampaignStore.class);
  }

  DeliveryQueue queue() {
    return of(DeliveryQueue.class);
  }

  DeliveryReads book() {
    return of(DeliveryReads.class);
  }

  ReplayStore replays() {
    return of(ReplayStore.class);
  }

  HealthStore health() {
    return of(HealthStore.class);
  }

  AuditStore audit() {
    return of(AuditStore.class);
  }

  Fingerprints fingerprints() {
    return of(Fingerprints.class);
  }

  @Override
  public void close() {
    try {
      injector.getInstance(RunningStore.class).close();
    } finally {
      threads.forEach(ExecutorService::shutdown);
    }
  }
}
