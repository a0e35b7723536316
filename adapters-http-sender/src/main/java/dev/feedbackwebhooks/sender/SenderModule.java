package dev.feedbackwebhooks.sender;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.name.Named;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.event.PayloadFormat;
import dev.feedbackwebhooks.domain.key.KeyTrial;
import dev.feedbackwebhooks.domain.key.PublicKeys;
import dev.feedbackwebhooks.sender.http.HttpSender;
import dev.feedbackwebhooks.sender.http.SenderSettings;
import dev.feedbackwebhooks.sender.payload.PayloadCodec;
import dev.feedbackwebhooks.sender.signing.JwkSetCodec;
import dev.feedbackwebhooks.sender.signing.SignatureTrial;
import dev.feedbackwebhooks.sender.signing.SigningPool;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * Binds {@link FeedbackSender}, {@link PayloadFormat}, {@link PublicKeys} and {@link KeyTrial}.
 * Needs an {@link InstantSource} and {@code @Named("signing") Executor}, which has a thread for
 * each task: some may never end.
 */
public final class SenderModule extends AbstractModule {
  private final SenderSettings settings;

  public SenderModule(SenderSettings settings) {
    this.settings = settings;
  }

  @Provides
  PayloadFormat payloads() {
    return new PayloadCodec();
  }

  @Provides
  PublicKeys publicKeys() {
    return new JwkSetCodec();
  }

  @Provides
  @Singleton
  KeyTrial trial(@Named("signing") Executor threads) {
    return new SignatureTrial(SigningPool.ofTrials(threads));
  }

  @Provides
  @Singleton
  FeedbackSender sender(InstantSource clock, @Named("signing") Executor threads) {
    return HttpSender.create(settings, clock, SigningPool.of(threads));
  }
}
