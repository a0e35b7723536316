package dev.feedbackwebhooks.persistence.stored;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Replays as rows have them. */
public final class ReplayRowCodec {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  private static final TypeReference<Map<ReplaySkip, Long>> SKIPS = new TypeReference<>() {};

  private record Filter(
      @Nullable DeliveryState state,
      @Nullable Channel channel,
      @Nullable String campaign,
      @Nullable String request,
      @Nullable String execution,
      @Nullable Long from,
      @Nullable Long before) {}

  private ReplayRowCodec() {}

  public static String encode(DeliveryFilter filter) {
    return json(
        new Filter(
            filter.state(),
            filter.channel(),
            filter.campaignId(),
            filter.requestId(),
            filter.executionId(),
            millis(filter.createdFrom()),
            millis(filter.createdBefore())));
  }

  public static String encode(Map<ReplaySkip, Long> skips) {
    return json(skips);
  }

  /** Reads a row that is joined with its scope. */
  public static Replay read(ResultSet row) throws SQLException {
    long cursor = row.getLong("cursor");
    String request = row.getString("request_id");
    return new Replay(
        new ReplayId(row.getLong("id")),
        new Scope(row.getString("organization"), row.getString("sandbox")),
        new ReplayPlan(
            row.getString("filter_text"),
            filter(row.getString("filter")),
            row.getInt("per_second"),
            request == null ? "" : request),
        ReplayState.valueOf(row.getString("state")),
        new ReplayTally(
            row.getLong("matched"), row.getLong("replayed"), skips(row.getString("skips"))),
        cursor == 0 ? null : new DeliveryId(cursor),
        Instant.ofEpochMilli(row.getLong("create_time")),
        Instant.ofEpochMilli(row.getLong("update_time")),
        end(row));
  }

  private static @Nullable Instant end(ResultSet row) throws SQLException {
    long millis = row.getLong("end_time");
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private static DeliveryFilter filter(String json) {
    try {
      Filter filter = JSON.readValue(json, Filter.class);
      return new DeliveryFilter(
          filter.state(),
          filter.channel(),
          filter.campaign(),
          filter.request(),
          filter.execution(),
          null,
          instant(filter.from()),
          instant(filter.before()));
    } catch (JacksonException e) {
      throw unreadable(e);
    }
  }

  private static Map<ReplaySkip, Long> skips(String json) {
    try {
      return JSON.readValue(json, SKIPS);
    } catch (JacksonException e) {
      throw unreadable(e);
    }
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : Millis.of(instant);
  }

  private static @Nullable Instant instant(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JacksonException e) {
      throw new IllegalStateException("this can always be written", e);
    }
  }

  private static IllegalStateException unreadable(JacksonException e) {
    return new IllegalStateException("a replay in the database cannot be read", e);
  }
}
