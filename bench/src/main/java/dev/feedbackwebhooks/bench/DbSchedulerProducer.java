package dev.feedbackwebhooks.bench;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

/** Schedules jobs that are due at once, in batches. A process of its own. */
final class DbSchedulerProducer {
  private static final int BATCH = 500;

  private final SchedulerClient client;
  private final byte[] body;
  private long scheduled;

  private DbSchedulerProducer(SchedulerClient client, byte[] body) {
    this.client = client;
    this.body = body;
  }

  /**
   * @param args the database's URL, the file with the body
   */
  public static void main(String[] args) throws Exception {
    try (HikariDataSource database = DbSchedulerJob.connect(args[0], 1);
        Scanner orders = new Scanner(System.in, StandardCharsets.UTF_8)) {
      SchedulerClient client =
          SchedulerClient.Builder.create(database).serializer(new DbSchedulerJob.Bytes()).build();
      var producer = new DbSchedulerProducer(client, Files.readAllBytes(Path.of(args[1])));
      while (orders.hasNextLong()) {
        long events = orders.nextLong();
        producer.schedule(events);
        System.out.println(events);
      }
    }
  }

  private void schedule(long events) {
    for (long left = events; left > 0; left -= BATCH) {
      List<TaskInstance<?>> batch = new ArrayList<>();
      for (long i = Math.min(BATCH, left); i > 0; i--) {
        batch.add(DbSchedulerJob.DELIVERY.instance("event-" + scheduled++).data(body).build());
      }
      client.scheduleBatch(batch, Instant.now());
    }
  }
}
