package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge.Step;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Removes what is over of a day of which too much stays for its partitions to be dropped: many at a
 * time, beside the writer, or intake would be faster.
 */
final class DayRows {
  /** What changed since it was seen, and was locked by others meanwhile, stays. */
  private static final String PURGE =
      """
      WITH seen AS MATERIALIZED (
        SELECT id, state, update_time, %s,
          state > 1 AND update_time < ? AND EXISTS (
            SELECT FROM payload_of_day WHERE delivery_id = d.id) AS body_goes
        FROM delivery_of_day d WHERE id > ? ORDER BY id LIMIT ?),
      removed AS (
        DELETE FROM delivery_of_day d USING seen
        WHERE seen.goes AND d.id = seen.id AND d.state = seen.state
          AND d.update_time = seen.update_time
        RETURNING d.id, d.event_key),
      attempts AS (DELETE FROM attempt_of_day a USING removed WHERE a.delivery_id = removed.id),
      bodies AS (DELETE FROM payload_of_day p USING removed WHERE p.delivery_id = removed.id),
      open AS (DELETE FROM delivery_open o USING removed WHERE o.delivery_id = removed.id),
      keys AS (
        DELETE FROM event_key k USING removed
        WHERE k.key = removed.event_key AND k.delivery_id = removed.id),
      emptied AS (
        UPDATE delivery_of_day d SET accepted_wire = NULL, message = NULL FROM seen
        WHERE seen.body_goes AND NOT seen.goes AND d.id = seen.id AND d.state = seen.state
          AND d.update_time = seen.update_time
        RETURNING d.id),
      their_bodies AS (DELETE FROM payload_of_day p USING emptied WHERE p.delivery_id = emptied.id),
      their_attempts AS (
        UPDATE attempt_of_day a SET wire = NULL FROM emptied WHERE a.delivery_id = emptied.id)
      SELECT max(id), count(*), (SELECT count(*) FROM removed), (SELECT count(*) FROM emptied)
      FROM seen
      """
          .formatted(DayLook.GOES);

  private final DataSource upkeep;

  DayRows(DataSource upkeep) {
    this.upkeep = upkeep;
  }

  /**
   * A step through a day that has partitions.
   *
   * @return whose {@code last} is null once there is none left of the day
   */
  Step purge(Day day, Expiry expiry, long after) {
    try (Connection connection = upkeep.getConnection();
        PreparedStatement purge = connection.prepareStatement(sql(day))) {
      connection.setAutoCommit(true);
      DayLook.set(purge, expiry);
      purge.setLong(3, expiry.bodies().toEpochMilli());
      purge.setLong(4, after);
      purge.setInt(5, DayLook.LOOKED_AT);
      try (ResultSet row = purge.executeQuery()) {
        row.next();
        boolean more = row.getInt(2) == DayLook.LOOKED_AT;
        return new Step(row.getInt(3), row.getInt(4), more ? new DeliveryId(row.getLong(1)) : null);
      }
    } catch (SQLException e) {
      throw new PostgresFailures().thrown(e);
    }
  }

  private static String sql(Day day) {
    return PURGE.replace("_of_day", day.partition(""));
  }
}
