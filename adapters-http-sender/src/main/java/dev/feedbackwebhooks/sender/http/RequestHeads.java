package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.config.WebhookConfig;
import java.util.LinkedHashMap;

/** The rendered heads of the configurations that one event loop sent for lately. */
final class RequestHeads {
  /** Bounds memory: a head has 18 KiB at most, and most have 200 bytes. */
  private static final int MOST = 1_000;

  private final String userAgent;
  private final LinkedHashMap<Long, RequestHead> byConfig = new LinkedHashMap<>(64, 0.75f, true);

  RequestHeads(String userAgent) {
    this.userAgent = userAgent;
  }

  RequestHead of(WebhookConfig config) {
    RequestHead kept = byConfig.get(config.id());
    if (kept != null && kept.isOf(config)) {
      return kept;
    }
    RequestHead head = RequestHead.of(config, userAgent);
    byConfig.put(config.id(), head);
    if (byConfig.size() > MOST) {
      byConfig.pollFirstEntry();
    }
    return head;
  }
}
