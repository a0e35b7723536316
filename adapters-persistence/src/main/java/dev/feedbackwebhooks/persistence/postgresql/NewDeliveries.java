package dev.feedbackwebhooks.persistence.postgresql;

import com.carrotsearch.hppc.LongHashSet;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.EventName;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import dev.feedbackwebhooks.persistence.stored.EventKey;
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
import dev.feedbackwebhooks.persistence.stored.Statements;
import dev.feedbackwebhooks.persistence.stored.StoredChannel;
import dev.feedbackwebhooks.persistence.stored.StoredState;
import dev.feedbackwebhooks.persistence.stored.Tally;
import dev.feedbackwebhooks.persistence.stored.TextArray;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The new deliveries of a transaction, whoever brought them: all are written at once. Used by the
 * writer only.
 */
final class NewDeliveries {
  private static final String INSERT_KEYS =
      """
      INSERT INTO event_key (key, delivery_id) SELECT * FROM unnest(?::uuid[], ?::bigint[])
      ON CONFLICT DO NOTHING RETURNING delivery_id
      """;
  private static final String KNOWN =
      "SELECT key, delivery_id FROM event_key WHERE key = ANY (?::uuid[])";
  private static final String INSERT =
      """
      INSERT INTO delivery (id, scope_id, config_id, event_key, state, claim_id, lease_until,
        create_time, update_time, event_time, channel, event_id, request_id, execution_id,
        campaign_id, feedback_status, message, attempts, first_of_round, reason)
      SELECT *, 0, 0, ''
      FROM (SELECT id, scope_id, config_id, event_key, state, claim_id, lease_until, at, at,
          event_time, channel, event_id, request_id, execution_id, campaign_id, feedback_status,
          message
        FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::uuid[], ?::int[], ?::bigint[],
          ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::text[], ?::text[], ?::text[],
          ?::text[], ?::text[], ?::bigint[])
        AS brought (id, scope_id, config_id, event_key, state, claim_id, lease_until, at,
          event_time, channel, event_id, request_id, execution_id, campaign_id, feedback_status,
          message)) AS fresh
      """;
  private static final String INSERT_PAYLOADS =
      """
      INSERT INTO payload (delivery_id, body, recipients, traceparent)
      SELECT id, body, recipients::text[], trace
      FROM unnest(?::bigint[], ?::bytea[], ?::text[], ?::text[])
        AS brought (id, body, recipients, trace)
      """;
  private static final String INSERT_OPEN =
      """
      INSERT INTO delivery_open (delivery_id, scope_id, state, due_at)
      SELECT id, scope_id, 0, due_at FROM unnest(?::bigint[], ?::bigint[], ?::bigint[])
        AS brought (id, scope_id, due_at)
      """;

  /** Retention was in the way: tried again, it is a new one. */
  private static final String FORGOTTEN = "40001";

  private record Row(Entry entry, long scopeId, UUID key, Consumer<Enqueued> answer) {
    NewDelivery delivery() {
      return entry.delivery();
    }

    long id() {
      return delivery().id().value();
    }

    /**
     * When it may go out.
     *
     * @param over messages whose first is
     */
    Instant due(Set<MessageKey> over) {
      return delivery().turn() instanceof MessageOrder.After(_, var most) && awaited(over) != null
          ? entry.now().plus(most)
          : entry.now();
    }

    /** The message whose first it waits for. */
    @Nullable MessageKey awaited(Set<MessageKey> over) {
      return delivery().turn() instanceof MessageOrder.After(var message, _)
              && !over.contains(message)
          ? message
          : null;
    }
  }

  /** Whether an event is known; answered only if it is. */
  private record Question(UUID key, Consumer<DeliveryId> answer) {}

  private final Statements statements;
  private final ScopeIds scopes;
  private final PostgresTurns turns;
  private final FreshClaims claims;
  private final Tally tally;
  private final DatabaseClock clock;
  private final EventKey keys = new EventKey();
  private final List<Row> rows = new ArrayList<>();
  private final List<Question> asked = new ArrayList<>();

  NewDeliveries(
      Statements statements,
      ScopeIds scopes,
      PostgresTurns turns,
      FreshClaims claims,
      Tally tally,
      DatabaseClock clock) {
    this.statements = statements;
    this.scopes = scopes;
    this.turns = turns;
    this.claims = claims;
    this.tally = tally;
    this.clock = clock;
  }

  /** Takes deliveries in. Their answers are there after the {@link #flush}. */
  Enqueued[] add(Connection connection, List<Entry> entries) throws SQLException {
    Enqueued[] answers = new Enqueued[entries.size()];
    for (int i = 0; i < answers.length; i++) {
      Entry entry = entries.get(i);
      long scopeId = scopes.of(connection, entry.delivery().scope());
      UUID key = keys.of(scopeId, entry.delivery().subject().eventId());
      int at = i;
      rows.add(new Row(entry, scopeId, key, answer -> answers[at] = answer));
    }
    return answers;
  }

  /** Looks events up. The answers are there after the {@link #flush}. */
  Optional<DeliveryId>[] ask(Connection connection, List<EventName> events) throws SQLException {
    @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of a generic type.
    Optional<DeliveryId>[] answers = new Optional[events.size()];
    Arrays.fill(answers, Optional.empty());
    Set<Scope> absent = new HashSet<>();
    for (int i = 0; i < answers.length; i++) {
      Long scopeId = scopes.find(connection, events.get(i).scope(), absent);
      if (scopeId != null) {
        UUID key = keys.of(scopeId, events.get(i).eventId());
        int at = i;
        asked.add(new Question(key, id -> answers[at] = Optional.of(id)));
      }
    }
    return answers;
  }

  /** Forgets what was not written: its transaction is undone. */
  void clear() {
    rows.clear();
    asked.clear();
  }

  void flush(Connection connection) throws SQLException {
    if (!rows.isEmpty()) {
      write(connection);
    }
    if (!asked.isEmpty()) {
      Map<UUID, DeliveryId> known = known(connection, asked, Question::key);
      asked.forEach(question -> {
        DeliveryId id = known.get(question.key());
        if (id != null) {
          question.answer().accept(id);
        }
      });
      asked.clear();
    }
  }

  private void write(Connection connection) throws SQLException {
    LongHashSet inserted = insertKeys(connection);
    List<Row> fresh = new ArrayList<>(inserted.size());
    List<Row> others = new ArrayList<>();
    for (Row row : rows) {
      (inserted.remove(row.id()) ? fresh : others).add(row);
    }
    answerKnown(connection, others);
    if (!fresh.isEmpty()) {
      insert(connection, fresh);
    }
    rows.clear();
  }

  private LongHashSet insertKeys(Connection connection) throws SQLException {
    LongHashSet inserted = new LongHashSet();
    // Two nodes that bring the same events wait for each other in one order only.
    List<Row> inOrder = rows.stream().sorted(Comparator.comparing(Row::key)).toList();
    var insert =
        Columns.of(statements.of(connection, INSERT_KEYS), inOrder)
            .objects("uuid", Row::key)
            .longs(Row::id)
            .statement();
    try (ResultSet row = insert.executeQuery()) {
      while (row.next()) {
        inserted.add(row.getLong(1));
      }
    }
    return inserted;
  }

  private void answerKnown(Connection connection, List<Row> others) throws SQLException {
    if (others.isEmpty()) {
      return;
    }
    Map<UUID, DeliveryId> known = known(connection, others, Row::key);
    for (Row row : others) {
      DeliveryId id = known.get(row.key());
      if (id == null) {
        throw new SQLException("an event was forgotten meanwhile", FORGOTTEN);
      }
      row.answer().accept(new Enqueued.Duplicate(id));
    }
  }

  private <T> Map<UUID, DeliveryId> known(
      Connection connection, List<T> asked, Function<T, UUID> keyOf) throws SQLException {
    Map<UUID, DeliveryId> known = new HashMap<>();
    var select =
        Columns.of(statements.of(connection, KNOWN), asked)
            .objects("uuid", keyOf::apply)
            .statement();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        known.put(row.getObject(1, UUID.class), new DeliveryId(row.getLong(2)));
      }
    }
    return known;
  }

  /** Uses the tables in the order of {@link DayPartitions#TABLES}. */
  private void insert(Connection connection, List<Row> fresh) throws SQLException {
    Columns.of(statements.of(connection, INSERT_PAYLOADS), fresh)
        .longs(Row::id)
        .bytes(row -> row.delivery().payload().bytes())
        .texts(row -> TextArray.of(row.delivery().recipients()))
        .texts(row -> trace(row.delivery().payload().trace()))
        .statement()
        .executeUpdate();
    Set<MessageKey> over = turns.over(connection, awaited(fresh));
    insertDeliveries(connection, fresh);
    insertOpen(
        connection, fresh.stream().filter(row -> row.entry().lease() == null).toList(), over);
    for (Row row : fresh) {
      Lease lease = row.entry().lease();
      MessageKey awaited = row.awaited(over);
      if (lease == null && awaited != null) {
        turns.waits(awaited);
      }
      if (lease != null) {
        claims.begun(row.id(), clock.at(lease.until()));
      }
      tally.accepted(row.scopeId(), row.delivery(), row.entry().now());
      row.answer().accept(new Enqueued.Stored(row.delivery().id()));
    }
  }

  private static Set<MessageKey> awaited(List<Row> fresh) {
    return fresh.stream()
        .filter(row -> row.entry().lease() == null)
        .map(row -> row.delivery().turn())
        .filter(MessageOrder.After.class::isInstance)
        .map(turn -> ((MessageOrder.After) turn).message())
        .collect(Collectors.toSet());
  }

  private void insertDeliveries(Connection connection, List<Row> fresh) throws SQLException {
    Columns.of(statements.of(connection, INSERT), fresh)
        .longs(Row::id)
        .longs(Row::scopeId)
        .longs(row -> row.delivery().configId())
        .objects("uuid", Row::key)
        .ints(row -> state(row.entry().lease()).code())
        .longs(row -> row.entry().lease() instanceof Lease(var claim, _) ? claim : 0)
        .longs(row -> row.entry().lease() instanceof Lease(_, var until) ? clock.at(until) : 0)
        .longs(row -> row.entry().now().toEpochMilli())
        .longs(row -> row.delivery().subject().eventTime().toEpochMilli())
        .ints(row -> StoredChannel.code(row.delivery().subject().channel()))
        .texts(row -> row.delivery().subject().eventId())
        .texts(row -> row.delivery().subject().requestId())
        .texts(row -> row.delivery().subject().executionId())
        .texts(row -> row.delivery().subject().campaignId())
        .texts(row -> row.delivery().subject().feedbackStatus())
        .nullableLongs(row -> message(row.delivery().turn()))
        .statement()
        .executeUpdate();
  }

  private void insertOpen(Connection connection, List<Row> waiting, Set<MessageKey> over)
      throws SQLException {
    if (!waiting.isEmpty()) {
      Columns.of(statements.of(connection, INSERT_OPEN), waiting)
          .longs(Row::id)
          .longs(Row::scopeId)
          .longs(row -> clock.at(row.due(over)))
          .statement()
          .executeUpdate();
    }
  }

  private static StoredState state(@Nullable Lease lease) {
    return lease == null ? StoredState.WAITING : StoredState.CLAIMED;
  }

  private static @Nullable String trace(@Nullable TraceParent trace) {
    return trace == null ? null : trace.text();
  }

  private static @Nullable Long message(MessageOrder turn) {
    return switch (turn) {
      case MessageOrder.Any _ -> null;
      case MessageOrder.First(var message) -> message.value();
      case MessageOrder.After(var message, _) -> message.value();
    };
  }
}
