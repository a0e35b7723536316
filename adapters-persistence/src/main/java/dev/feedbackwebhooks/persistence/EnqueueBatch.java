package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliverySubject;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import dev.feedbackwebhooks.persistence.stored.Flush;
import dev.feedbackwebhooks.persistence.stored.Millis;
import dev.feedbackwebhooks.persistence.stored.Recipients;
import dev.feedbackwebhooks.persistence.stored.Statements;
import dev.feedbackwebhooks.persistence.stored.StoredChannel;
import dev.feedbackwebhooks.persistence.stored.StoredState;
import dev.feedbackwebhooks.persistence.stored.Tally;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The new deliveries of a transaction, written many rows a statement: half of what an INSERT costs
 * is the way to it. Used by the writer only.
 */
final class EnqueueBatch implements Flush {
  private static final int ROWS = 16;
  private static final int PAYLOAD_COLUMNS = 4;
  private static final int COLUMNS = 18;

  private static final String PAYLOAD =
      "INSERT INTO payload (delivery_id, body, recipients, traceparent) VALUES ";
  private static final String DELIVERY =
      """
      INSERT INTO delivery (id, scope_id, config_id, event_hash, state, due_at, claim_id,
        create_time, update_time, event_time, channel, event_id, request_id, campaign_id,
        feedback_status, execution_id, message, accepted_wire, attempts, first_of_round, reason)
      """;
  private static final String PAYLOAD_ONE = Statements.rows(PAYLOAD, PAYLOAD_COLUMNS, 1);
  private static final String PAYLOAD_MANY = Statements.rows(PAYLOAD, PAYLOAD_COLUMNS, ROWS);
  private static final String DELIVERY_ONE = deliveries(1);
  private static final String DELIVERY_MANY = deliveries(ROWS);

  private record Row(Entry entry, long scopeId, long hash, Instant due) {}

  private final Statements statements;
  private final Tally tally;
  private final DeliveryBlocks blocks;
  private final DetailRoom room;
  private final List<Row> rows = new ArrayList<>();

  EnqueueBatch(Statements statements, Tally tally, DeliveryBlocks blocks, DetailRoom room) {
    this.room = room;
    this.statements = statements;
    this.tally = tally;
    this.blocks = blocks;
  }

  private static String deliveries(int rows) {
    return Statements.rows(DELIVERY + " SELECT *, 0, 0, '' FROM (VALUES ", COLUMNS, rows) + ")";
  }

  void add(Entry entry, long scopeId, long hash, Instant due) {
    rows.add(new Row(entry, scopeId, hash, due));
    tally.accepted(scopeId, entry.delivery(), entry.now());
  }

  /** Forgets what was not written: its transaction is undone. */
  void clear() {
    rows.clear();
  }

  @Override
  public void flush(Connection connection) throws SQLException {
    int next = 0;
    for (; rows.size() - next >= ROWS; next += ROWS) {
      write(connection, rows.subList(next, next + ROWS), PAYLOAD_MANY, DELIVERY_MANY);
    }
    for (; next < rows.size(); next++) {
      write(connection, rows.subList(next, next + 1), PAYLOAD_ONE, DELIVERY_ONE);
    }
    rows.clear();
  }

  private void write(Connection connection, List<Row> some, String payload, String delivery)
      throws SQLException {
    PreparedStatement bodies = statements.of(connection, payload);
    PreparedStatement deliveries = statements.of(connection, delivery);
    for (int i = 0; i < some.size(); i++) {
      NewDelivery one = some.get(i).entry().delivery();
      bodies.setLong(PAYLOAD_COLUMNS * i + 1, one.id().value());
      bodies.setBytes(PAYLOAD_COLUMNS * i + 2, one.payload().bytes());
      bodies.setString(PAYLOAD_COLUMNS * i + 3, Recipients.write(one.recipients()));
      TraceParent trace = one.payload().trace();
      bodies.setString(PAYLOAD_COLUMNS * i + 4, trace == null ? null : trace.text());
      blocks.added(connection, some.get(i).scopeId(), one);
      set(deliveries, COLUMNS * i, some.get(i));
      deliveries.setBytes(COLUMNS * (i + 1), room.of(one.configId()));
    }
    bodies.executeUpdate();
    deliveries.executeUpdate();
  }

  private static void set(PreparedStatement insert, int before, Row row) throws SQLException {
    NewDelivery delivery = row.entry().delivery();
    DeliverySubject subject = delivery.subject();
    Lease lease = row.entry().lease();
    long now = row.entry().now().toEpochMilli();
    int at = before;
    insert.setLong(++at, delivery.id().value());
    insert.setLong(++at, row.scopeId());
    insert.setLong(++at, delivery.configId());
    insert.setLong(++at, row.hash());
    insert.setInt(++at, (lease == null ? StoredState.WAITING : StoredState.CLAIMED).code());
    insert.setLong(++at, Millis.of(lease == null ? row.due() : lease.until()));
    insert.setLong(++at, lease == null ? 0 : lease.claimId());
    insert.setLong(++at, now);
    insert.setLong(++at, now);
    insert.setLong(++at, subject.eventTime().toEpochMilli());
    insert.setInt(++at, StoredChannel.code(subject.channel()));
    insert.setString(++at, subject.eventId());
    insert.setString(++at, subject.requestId());
    insert.setString(++at, subject.campaignId());
    insert.setString(++at, subject.feedbackStatus());
    insert.setString(++at, subject.executionId());
    setMessage(insert, ++at, delivery.turn());
  }

  private static void setMessage(PreparedStatement insert, int at, MessageOrder turn)
      throws SQLException {
    switch (turn) {
      case MessageOrder.Any _ -> insert.setNull(at, Types.INTEGER);
      case MessageOrder.First(var message) -> insert.setLong(at, message.value());
      case MessageOrder.After(var message, _) -> insert.setLong(at, message.value());
    }
  }
}
