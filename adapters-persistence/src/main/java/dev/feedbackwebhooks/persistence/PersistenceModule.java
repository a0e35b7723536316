package dev.feedbackwebhooks.persistence;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.name.Named;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.delivery.DeliveryBook;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Binds the stores' ports. Needs an {@link InstantSource} and three executors:
 * {@code @Named("writer")}, which runs one task after the other, {@code @Named("background")},
 * which may be blocked, and {@code @Named("checkpointer")}, which native code blocks. Binds
 * {@code @Named("store") AutoCloseable}, {@code @Named("newestDelivery") Long} and
 * {@code @Named("storeDamaged") CompletionStage<String>}, which completes with one line for
 * operators if the store is found damaged: from then on it takes nothing.
 */
public final class PersistenceModule extends AbstractModule {
  private final StoreSettings settings;

  public PersistenceModule(StoreSettings settings) {
    this.settings = settings;
  }

  @Provides
  @Singleton
  SqliteStore store(
      InstantSource clock,
      @Named("writer") Executor writer,
      @Named("background") Executor background,
      @Named("checkpointer") Executor checkpointer) {
    return SqliteStore.open(settings, clock.instant(), writer, background, checkpointer);
  }

  @Provides
  ConfigStore configs(SqliteStore store) {
    return store.configs();
  }

  @Provides
  CampaignStore campaigns(SqliteStore store) {
    return store.configs();
  }

  @Provides
  DeliveryQueue queue(SqliteStore store) {
    return store.queue();
  }

  @Provides
  DeliveryBook book(SqliteStore store) {
    return store.book();
  }

  @Provides
  @Named("store")
  AutoCloseable closeable(SqliteStore store) {
    return store;
  }

  @Provides
  @Named("newestDelivery")
  Long newestDelivery(SqliteStore store) {
    return store.newestDelivery();
  }

  @Provides
  @Named("storeDamaged")
  CompletionStage<String> damaged(SqliteStore store) {
    return store.damaged();
  }
}
