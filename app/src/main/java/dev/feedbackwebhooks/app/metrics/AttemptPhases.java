package dev.feedbackwebhooks.app.metrics;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail.Timing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** The durations of the phases of attempts that reached them. */
final class AttemptPhases {
  private final Timer dns;
  private final Timer connect;
  private final Timer tls;
  private final Timer firstByte;

  AttemptPhases(MeterRegistry metrics) {
    this.dns = timer(metrics, "dns");
    this.connect = timer(metrics, "connect");
    this.tls = timer(metrics, "tls");
    this.firstByte = timer(metrics, "first_byte");
  }

  private static Timer timer(MeterRegistry metrics, String phase) {
    return Histograms.timer(metrics, "feedback.webhooks.attempt.phases", "phase", phase);
  }

  void record(Timing timing) {
    record(dns, timing.dns());
    record(connect, timing.connect());
    record(tls, timing.tls());
    record(firstByte, timing.firstByte());
  }

  private static void record(Timer timer, long micros) {
    if (micros != Timing.ABSENT) {
      timer.record(micros, TimeUnit.MICROSECONDS);
    }
  }
}
