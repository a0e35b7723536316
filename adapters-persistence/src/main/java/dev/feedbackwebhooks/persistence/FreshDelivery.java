package dev.feedbackwebhooks.persistence;

import com.google.common.primitives.ImmutableLongArray;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.persistence.stored.Recipients;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that is in no block yet, as hashes of {@link BlockKeys}.
 *
 * @param execution 0 where a row of an earlier version has lost it
 * @param recipients null for more than are noted: any
 */
record FreshDelivery(
    long id, long request, long execution, long campaign, @Nullable ImmutableLongArray recipients) {
  /** An event may name thousands. */
  private static final int MOST_RECIPIENTS = 64;

  static FreshDelivery of(long scopeId, NewDelivery delivery) {
    return new FreshDelivery(
        delivery.id().value(),
        BlockKeys.request(scopeId, delivery.subject().requestId()),
        BlockKeys.execution(scopeId, delivery.subject().executionId()),
        BlockKeys.campaign(scopeId, delivery.subject().campaignId()),
        hashes(scopeId, delivery.recipients()));
  }

  /** Of columns {@code id, scope_id, request_id, campaign_id, execution_id, recipients}. */
  static FreshDelivery read(ResultSet row) throws SQLException {
    long scopeId = row.getLong("scope_id");
    @Nullable String execution = row.getString("execution_id");
    return new FreshDelivery(
        row.getLong("id"),
        BlockKeys.request(scopeId, row.getString("request_id")),
        execution == null ? 0 : BlockKeys.execution(scopeId, execution),
        BlockKeys.campaign(scopeId, row.getString("campaign_id")),
        hashes(scopeId, Recipients.read(row.getString("recipients"))));
  }

  private static @Nullable ImmutableLongArray hashes(long scopeId, List<String> recipients) {
    if (recipients.size() > MOST_RECIPIENTS) {
      return null;
    }
    ImmutableLongArray.Builder hashes = ImmutableLongArray.builder(recipients.size());
    recipients.forEach(recipient -> hashes.add(BlockKeys.recipient(scopeId, recipient)));
    return hashes.build();
  }
}
