package dev.feedbackwebhooks.app.lifecycle;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.name.Named;
import dev.feedbackwebhooks.app.logs.Logs;
import dev.feedbackwebhooks.app.metrics.CallMetrics;
import dev.feedbackwebhooks.app.metrics.DeliveryMetrics;
import dev.feedbackwebhooks.app.metrics.EndpointHealthMetrics;
import dev.feedbackwebhooks.app.metrics.IntakeMetrics;
import dev.feedbackwebhooks.app.metrics.ReplayMetrics;
import dev.feedbackwebhooks.app.metrics.RetentionMetrics;
import dev.feedbackwebhooks.app.metrics.StoreMetrics;
import dev.feedbackwebhooks.app.ops.OpsServer;
import dev.feedbackwebhooks.app.ops.PublishedKeys;
import dev.feedbackwebhooks.app.ops.Readiness;
import dev.feedbackwebhooks.app.options.Settings;
import dev.feedbackwebhooks.app.traces.Tracing;
import dev.feedbackwebhooks.domain.access.CallListener;
import dev.feedbackwebhooks.domain.attempt.RetrySchedule;
import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.audit.AuditTrail;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.campaign.Campaigns;
import dev.feedbackwebhooks.domain.config.ConfigRules;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.delivery.DeliveryIds;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.delivery.IdSeries;
import dev.feedbackwebhooks.domain.delivery.StoreListener;
import dev.feedbackwebhooks.domain.engine.Deliveries;
import dev.feedbackwebhooks.domain.engine.DeliveryEngine;
import dev.feedbackwebhooks.domain.engine.DeliveryListener;
import dev.feedbackwebhooks.domain.engine.EnginePorts;
import dev.feedbackwebhooks.domain.event.EventIntake;
import dev.feedbackwebhooks.domain.event.IntakeListener;
import dev.feedbackwebhooks.domain.event.PayloadFormat;
import dev.feedbackwebhooks.domain.event.TestFeedback;
import dev.feedbackwebhooks.domain.health.EndpointHealthMonitor;
import dev.feedbackwebhooks.domain.health.HealthStore;
import dev.feedbackwebhooks.domain.key.Fingerprints;
import dev.feedbackwebhooks.domain.key.KeyTrial;
import dev.feedbackwebhooks.domain.key.PublicKeys;
import dev.feedbackwebhooks.domain.node.JobLeases;
import dev.feedbackwebhooks.domain.node.RemoteChanges;
import dev.feedbackwebhooks.domain.replay.ReplayRunner;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.replay.Replays;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge;
import dev.feedbackwebhooks.domain.retention.RetentionSweep;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import dev.feedbackwebhooks.domain.watch.DeliveryWatches;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;

/** Wires the domain to its adapters. */
final class AppModule extends AbstractModule {
  private final Settings settings;
  private final InstantSource clock;

  AppModule(Settings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  @Provides
  @Singleton
  InstantSource clock() {
    return clock;
  }

  @Provides
  @Singleton
  SecureRandom random() {
    return new SecureRandom();
  }

  @Provides
  @Singleton
  Configs configs(
      ConfigStore store,
      KeyTrial trial,
      Fingerprints fingerprints,
      InstantSource clock,
      SecureRandom random) {
    return new Configs(
        store,
        new ConfigRules(settings.egress(), trial),
        fingerprints,
        clock,
        () -> random.nextLong(1, Long.MAX_VALUE));
  }

  @Provides
  @Singleton
  Campaigns campaigns(CampaignStore store, InstantSource clock) {
    return new Campaigns(store, clock);
  }

  @Provides
  @Singleton
  RemoteChanges elsewhere(
      AuditStore store,
      Configs configs,
      Campaigns campaigns,
      DeliveryListener listener,
      EngineThreads threads,
      InstantSource clock) {
    return new RemoteChanges(
        store,
        configs,
        campaigns,
        failure -> listener.storeFailed("follow", failure),
        threads.background(),
        clock);
  }

  @Provides
  AuditTrail audit(AuditStore store) {
    return new AuditTrail(store);
  }

  @Provides
  @Singleton
  DeliveryIds ids(InstantSource clock, IdSeries series) {
    return new DeliveryIds(clock, series);
  }

  @Provides
  @Singleton
  EngineThreads threads() {
    return new EngineThreads();
  }

  @Provides
  @Named("writer")
  Executor writer(EngineThreads threads) {
    return threads.writer();
  }

  @Provides
  @Named("checker")
  Executor checker(EngineThreads threads) {
    return threads.checker();
  }

  @Provides
  @Named("checkpointer")
  Executor checkpointer(EngineThreads threads) {
    return threads.checkpointer();
  }

  @Provides
  @Named("background")
  Executor background(EngineThreads threads) {
    return threads.background();
  }

  @Provides
  @Named("signing")
  Executor signing(EngineThreads threads) {
    return threads.signing();
  }

  @Provides
  @Named("background")
  ExecutorService backgroundService(EngineThreads threads) {
    return threads.background();
  }

  @Provides
  @Singleton
  DeliveryWatches watches(ChangeStore changes) {
    return new DeliveryWatches(changes);
  }

  @Provides
  @Singleton
  Deliveries deliveries(
      DeliveryReads book, Configs configs, DeliveryEngine engine, InstantSource clock) {
    return new Deliveries(book, configs, engine, clock);
  }

  @Provides
  @Singleton
  EndpointHealthMonitor health(HealthStore store, PrometheusMeterRegistry metrics) {
    return new EndpointHealthMonitor(store, settings.health(), new EndpointHealthMetrics(metrics));
  }

  @Provides
  @Singleton
  Tracing tracing() {
    return Tracing.of(settings.otlp());
  }

  @Provides
  @Singleton
  DeliveryEngine engine(
      DeliveryQueue queue,
      FeedbackSender sender,
      Tracing tracing,
      Configs configs,
      DeliveryListener listener,
      EndpointHealthMonitor health,
      InstantSource clock,
      DeliveryIds ids,
      IdSeries series,
      SecureRandom random,
      EngineThreads threads) {
    return new DeliveryEngine(
        new EnginePorts(
            queue, tracing.sending(sender), configs, listener, health, threads.background()),
        settings.engine(),
        new RetrySchedule(settings.retrySchedule(), () -> ThreadLocalRandom.current().nextDouble()),
        clock,
        ids,
        series.firstClaim(random),
        threads.mailbox());
  }

  @Provides
  @Singleton
  RetentionSweep sweep(
      DeliveryPurge purge, JobLeases duties, PrometheusMeterRegistry metrics, InstantSource clock) {
    return new RetentionSweep(
        purge, duties, settings.retention(), new RetentionMetrics(metrics), clock);
  }

  @Provides
  @Singleton
  ReplayRunner replayRunner(
      ReplayStore store,
      JobLeases duties,
      DeliveryEngine engine,
      PrometheusMeterRegistry metrics,
      EngineThreads threads,
      InstantSource clock) {
    return new ReplayRunner(
        new ReplayRunner.Ports(store, duties, new ReplayMetrics(metrics), threads.background()),
        engine,
        clock);
  }

  @Provides
  @Singleton
  Replays replays(
      ReplayStore store,
      Configs configs,
      ReplayRunner runner,
      DeliveryIds ids,
      InstantSource clock) {
    return new Replays(store, configs, runner, ids, clock);
  }

  @Provides
  @Singleton
  EventIntake intake(
      Configs configs,
      Campaigns campaigns,
      PayloadFormat format,
      DeliveryEngine engine,
      Tracing tracing,
      RemoteChanges changes) {
    Runnable confirm = settings.storage().isShared() ? changes::confirm : () -> {};
    return new EventIntake(configs, campaigns, format, engine, tracing.intake(), confirm);
  }

  @Provides
  @Singleton
  TestFeedback tests(
      Configs configs,
      PayloadFormat format,
      FeedbackSender sender,
      AuditStore audit,
      DeliveryIds ids,
      InstantSource clock) {
    return new TestFeedback(configs, format, sender, audit, ids, clock);
  }

  @Provides
  @Singleton
  PrometheusMeterRegistry metrics() {
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Logs.CLIENT_ERRORS.register(metrics);
    List.of(
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new UptimeMetrics(),
            new FileDescriptorMetrics(),
            new DiskSpaceMetrics(settings.storage().directory().toFile()))
        .forEach(binder -> binder.bindTo(metrics));
    return metrics;
  }

  @Provides
  @Singleton
  Readiness readiness() {
    return new Readiness();
  }

  @Provides
  @Singleton
  StoreMetrics store(PrometheusMeterRegistry metrics, Readiness readiness, InstantSource clock) {
    return new StoreMetrics(metrics, readiness, clock);
  }

  @Provides
  StoreListener storeListener(StoreMetrics metrics) {
    return metrics;
  }

  @Provides
  @Singleton
  DeliveryListener listener(PrometheusMeterRegistry metrics, Readiness readiness) {
    return new DeliveryMetrics(metrics, readiness, settings.organizationMetrics());
  }

  @Provides
  @Singleton
  IntakeListener intakeListener(PrometheusMeterRegistry metrics) {
    return new IntakeMetrics(metrics, settings.organizationMetrics());
  }

  @Provides
  @Singleton
  CallListener callListener(PrometheusMeterRegistry metrics) {
    return new CallMetrics(metrics);
  }

  @Provides
  @Singleton
  OpsServer ops(
      PrometheusMeterRegistry metrics,
      Readiness readiness,
      Configs configs,
      PublicKeys keys,
      InstantSource clock) {
    return new OpsServer(
        settings.ops(), metrics, readiness, new PublishedKeys(configs, keys, clock));
  }
}
