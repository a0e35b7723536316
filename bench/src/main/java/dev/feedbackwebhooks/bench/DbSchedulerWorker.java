package dev.feedbackwebhooks.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Scanner;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/** Locks and fetches due jobs, POSTs each and deletes it. A process of its own. */
final class DbSchedulerWorker {
  /** As many deletions share the disk's sync; more only make PostgreSQL's processes take turns. */
  private static final int DATABASE_CONNECTIONS = 32;

  /** Jobs locked by this worker at most, and the part of them below which it fetches more. */
  private static final int LOCKED = 1_024;

  private static final double FETCH_BELOW = 0.75;

  /**
   * Only when the queue was found empty. The library's immediate execution could not help: it acts
   * on what is scheduled in the worker's own process.
   */
  private static final Duration POLLING_INTERVAL = Duration.ofMillis(10);

  private DbSchedulerWorker() {}

  /**
   * @param args the database's URL, the endpoint's URL, the file with its CA
   */
  public static void main(String[] args) throws Exception {
    Completions completions = new Completions();
    try (HikariDataSource database = DbSchedulerJob.connect(args[0], DATABASE_CONNECTIONS);
        EndpointPost endpoint = new EndpointPost(URI.create(args[1]), Path.of(args[2]));
        Scanner orders = new Scanner(System.in, StandardCharsets.UTF_8)) {
      Scheduler scheduler = scheduler(database, endpoint, completions);
      scheduler.start();
      long expected = 0;
      while (orders.hasNextLong()) {
        long events = orders.nextLong();
        expected += events;
        completions.await(expected);
        System.out.println(events);
      }
      scheduler.stop();
    }
  }

  private static Scheduler scheduler(
      HikariDataSource database, EndpointPost endpoint, Completions completions) {
    return Scheduler.create(
            database,
            Tasks.oneTime(DbSchedulerJob.DELIVERY)
                .execute((job, _) -> endpoint.post(job.getData())))
        .serializer(new DbSchedulerJob.Bytes())
        .executorService(Executors.newVirtualThreadPerTaskExecutor())
        .threads(LOCKED)
        .pollUsingLockAndFetch(FETCH_BELOW, 1.0)
        .pollingInterval(POLLING_INTERVAL)
        .addSchedulerListener(completions)
        .build();
  }

  /** Counts jobs that were POSTed and deleted; one that was not ends the process. */
  private static final class Completions extends AbstractSchedulerListener {
    private final LongAdder completed = new LongAdder();

    @Override
    public void onExecutionComplete(ExecutionComplete execution) {
      if (execution.getResult() != ExecutionComplete.Result.OK) {
        giveUp("not delivered: " + execution.getCause());
      }
      completed.increment();
    }

    @Override
    public void onSchedulerEvent(SchedulerEventType event) {
      if (event == SchedulerEventType.COMPLETIONHANDLER_ERROR) {
        giveUp("delivered but not completed");
      }
    }

    private static void giveUp(String why) {
      System.err.println(why);
      Runtime.getRuntime().halt(1);
    }

    void await(long expected) throws InterruptedException {
      while (completed.sum() < expected) {
        Thread.sleep(2);
      }
    }
  }
}
