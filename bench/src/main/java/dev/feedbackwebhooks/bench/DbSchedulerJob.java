package dev.feedbackwebhooks.bench;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** What the producer and the worker of db-scheduler agree upon. */
final class DbSchedulerJob {
  static final TaskDescriptor<byte[]> DELIVERY = TaskDescriptor.of("delivery", byte[].class);

  /**
   * The columns that the library works with. Its own schema has two indexes more, on the heartbeat
   * and on the priority: nothing here reads by them, so it is spared their upkeep.
   */
  static final String SCHEMA =
      """
      CREATE TABLE scheduled_tasks (
        task_name text NOT NULL,
        task_instance text NOT NULL,
        task_data bytea,
        execution_time timestamptz NOT NULL,
        picked boolean NOT NULL,
        picked_by text,
        last_success timestamptz,
        last_failure timestamptz,
        consecutive_failures integer,
        last_heartbeat timestamptz,
        version bigint NOT NULL,
        priority smallint,
        PRIMARY KEY (task_name, task_instance));
      CREATE INDEX due ON scheduled_tasks (execution_time);
      """;

  private DbSchedulerJob() {}

  static HikariDataSource connect(String url, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(connections);
    return new HikariDataSource(config);
  }

  /** The body is bytes already; Java's own serialization would only add to them. */
  record Bytes() implements Serializer {
    @Override
    public byte[] serialize(Object data) {
      return (byte[]) data;
    }

    @Override
    public <T> T deserialize(Class<T> type, byte[] data) {
      return type.cast(data);
    }
  }
}
