package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.StoreListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down how a store does; commits that came through are not told. */
public final class HeardStore implements StoreListener {
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @Override
  public void committed(int works, Duration took) {}

  @Override
  public void failing(String why) {
    heard.add("failing");
  }

  @Override
  public void recovered() {
    heard.add("recovered");
  }

  @Override
  public void durable(boolean lasts) {
    if (!lasts) {
      heard.add("insecure");
    }
  }

  public List<String> heard() {
    return List.copyOf(heard);
  }
}
