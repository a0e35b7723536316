package dev.feedbackwebhooks.domain.campaign;

import dev.feedbackwebhooks.domain.config.Scope;
import java.time.Instant;

/**
 * Whether feedback of a campaign's messages goes to the customer's endpoint. One that nobody
 * enabled is off.
 *
 * @param id the campaign's id, as events carry it in {@code messageExecution.campaignID}
 */
public record Campaign(Scope scope, String id, boolean webhooksEnabled, Instant updateTime) {
  public String name() {
    return name(scope, id);
  }

  public static String name(Scope scope, String id) {
    return scope.name() + "/campaigns/" + id;
  }
}
