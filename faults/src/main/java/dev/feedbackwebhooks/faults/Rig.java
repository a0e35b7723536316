package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.Fault.Skipped;
import dev.feedbackwebhooks.faults.Fault.Stage;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Carries out a plan, and checks after each fault that the server came back to what it promised.
 */
final class Rig {
  private final Path directory;
  private final PrintStream out;
  private final Summary summary;
  private final List<World> worlds = new ArrayList<>();
  private List<String> jvm = List.of();
  private Stores stores = Rig::file;

  Rig(Path directory, PrintStream out, long seed) {
    this.directory = directory;
    this.out = out;
    this.summary = new Summary(seed);
  }

  /** Runs the plan to its end, whatever breaks on the way. */
  Summary run(Plan plan) throws Exception {
    out.println("seed " + plan.seed() + ", " + plan.store());
    jvm = ServerProcess.rehearse(directory);
    return switch (plan.store()) {
      case SQLITE -> run(plan, Rig::file);
      case POSTGRESQL -> {
        try (PostgresServer server = PostgresServer.start(directory)) {
          yield run(plan, (name, home) -> database(server, name, home));
        }
      }
    };
  }

  /** Gives each world a store of its own. */
  private interface Stores {
    Store fresh(String name, Path home) throws Exception;
  }

  private static Store file(String name, Path home) {
    return new Store.SqliteFile(home.resolve("data").resolve("feedback.db"));
  }

  private static Store database(PostgresServer server, String name, Path home) throws Exception {
    server.createDatabase(name);
    return new Store.PostgresDatabase(server, name, home.resolve("feedback.key"));
  }

  private Summary run(Plan plan, Stores each) throws Exception {
    stores = each;
    RandomGenerator random = Plan.random(plan.seed());
    World main = world();
    main.start();
    for (Fault fault : plan.faults()) {
      inflict(fault, main, random);
      closeOthers(main);
    }
    close(main);
    return summary;
  }

  private void inflict(Fault fault, World main, RandomGenerator random) throws Exception {
    long start = System.nanoTime();
    try {
      main.awaitAcknowledged(1);
      fault.happen(main, stage(main), random);
      main.awaitDelivered();
      summary.happened(fault.name());
    } catch (Skipped missing) {
      summary.skipped(fault.name(), String.valueOf(missing.getMessage()));
      out.println("SKIPPED " + fault.name() + ": " + missing.getMessage());
    } catch (RigException | IllegalStateException failure) {
      main.oracle().broken("(" + fault.name() + ")", String.valueOf(failure));
    }
    main.goOn();
    out.printf("%-28s %5.1f s%n", fault.name(), (System.nanoTime() - start) / 1e9);
  }

  private Stage stage(World main) {
    return new Stage() {
      @Override
      public World another() throws Exception {
        // Two servers at work would share the machine's time.
        main.pause();
        return world();
      }

      @Override
      public void restarted() {
        summary.restarted();
      }
    };
  }

  private World world() throws Exception {
    String name = "w" + summary.nextWorld();
    Path home = Files.createDirectory(directory.resolve(name));
    World world = new World(home, name, jvm, stores.fresh(name, home));
    worlds.add(world);
    return world;
  }

  private void closeOthers(World main) throws Exception {
    for (World other : List.copyOf(worlds)) {
      if (other != main) {
        close(other);
      }
    }
  }

  private void close(World world) throws Exception {
    if (world.isServed()) {
      world.finish();
    }
    world.close();
    worlds.remove(world);
    summary.add(world.oracle());
  }
}
