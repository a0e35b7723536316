package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a filter asks of a delivery {@code d} and its scope's configuration {@code c}. */
public final class FilterConditions {
  private static final Pattern NAME = Pattern.compile(":([a-zA-Z]+)");

  private final StringBuilder sql = new StringBuilder();
  private final Map<String, Object> parameters = new HashMap<>();

  /**
   * @param execution condition with {@code :execution}
   * @param recipient condition with {@code :recipient}
   * @param text how the database has a text
   */
  public FilterConditions(
      DeliveryFilter filter, String execution, String recipient, UnaryOperator<String> text) {
    if (filter.state() != null) {
      sql.append(" AND ").append(state(filter.state()));
    }
    add(
        "d.channel = :channel",
        filter.channel() == null ? null : StoredChannel.code(filter.channel()));
    add("d.campaign_id = :campaign", in(text, filter.campaignId()));
    add("d.request_id = :request", in(text, filter.requestId()));
    add(execution, in(text, filter.executionId()));
    add(
        "d.create_time >= :createdFrom",
        filter.createdFrom() == null ? null : Millis.of(filter.createdFrom()));
    add(
        "d.create_time < :createdBefore",
        filter.createdBefore() == null ? null : Millis.of(filter.createdBefore()));
    // Last: it reads another row for each that the others leave.
    add(recipient, in(text, filter.recipient()));
  }

  private static @Nullable String in(UnaryOperator<String> text, @Nullable String asked) {
    return asked == null ? null : text.apply(asked);
  }

  private void add(String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(" AND ").append(condition);
      parameters.put(NAME.matcher(condition).results().findFirst().orElseThrow().group(1), value);
    }
  }

  private static String state(DeliveryState state) {
    return switch (state) {
      case WAITING -> "d.state = 0 AND c.config_id = d.config_id AND c.active";
      case HELD -> "d.state = 0 AND c.config_id = d.config_id AND NOT c.active";
      case CANCELLED ->
          "(d.state = 5 OR (d.state = 0 AND c.config_id IS DISTINCT FROM d.config_id))";
      case CLAIMED -> "d.state = 1";
      case DELIVERED -> "d.state = 2";
      case EXHAUSTED -> "d.state = 3";
      case REFUSED -> "d.state = 4";
    };
  }

  /** Conditions, each with AND in front. */
  public String sql() {
    return sql.toString();
  }

  /** What they are asked with, by name. */
  public Map<String, Object> parameters() {
    return parameters;
  }
}
